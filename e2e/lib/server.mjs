// Starts servers with data folders of their own, and ends them.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serverProgram } from './project.mjs';

const START_MS = 180_000;
const STOP_MS = 15_000;

/**
 * `demo` or `serve` on a free port with a new data folder.
 * Answers once the server says it is ready.
 */
export async function startServer(command) {
  const folder = mkdtempSync(join(tmpdir(), `shouxin-${command}-`));
  const data = join(folder, 'data');
  const child = spawn(serverProgram(), [command, '--listen', '127.0.0.1:0', '--data', data], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, SHOUXIN_LOG: process.env.SHOUXIN_LOG ?? 'warn' },
  });
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk) => (said.out += chunk));
  child.stderr.on('data', (chunk) => (said.err += chunk));
  const ended = new Promise((resolve) => child.once('exit', resolve));

  const stop = async () => {
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await ended;
    clearTimeout(timer);
    rmSync(folder, { recursive: true, force: true });
  };

  const until = Date.now() + START_MS;
  let gone = false;
  void ended.then(() => (gone = true));
  while (!/ready (http:\/\/\S+)/.test(said.out)) {
    if (gone || Date.now() > until) {
      await stop();
      throw new Error(`shouxin ${command} did not start:\n${said.out}\n${said.err}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return { address: /ready (http:\/\/\S+)/.exec(said.out)[1], data, said, stop };
}

/** The address of a new workspace's set-up, with its code; it is printed after "ready". */
export async function setupAddress(server) {
  for (let i = 0; i < 100; i += 1) {
    const found = /(http:\/\/\S+\/setup#code=\S+)/.exec(server.said.out);
    if (found) return found[1];
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`no set-up address in: ${server.said.out}`);
}

/**
 * The accounts of a demo: `accounts.sales` is the first one of that role, `accounts.others.sales` the second, for
 * journeys that leave traces in the account (its language), `accounts.third.sales` the third, for one that ends it.
 */
export function demoAccounts(data) {
  const accounts = { others: {}, third: {} };
  for (const account of JSON.parse(readFileSync(join(data, 'demo-accounts.json'), 'utf8'))) {
    account.notes = join(data, 'used-codes.json');
    if (accounts.others[account.role]) accounts.third[account.role] ??= account;
    else if (accounts[account.role]) accounts.others[account.role] = account;
    else accounts[account.role] = account;
  }
  return accounts;
}
