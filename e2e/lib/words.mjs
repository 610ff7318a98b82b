// What the screens say, read from the web application's own texts: a journey names a text by its key and works in
// both languages. `say('session.signIn')` is 登录 or "Sign in".
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT } from './project.mjs';

const SOURCE = join(PROJECT, 'web/src');

function textFiles(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return textFiles(path);
    return entry.name.endsWith('texts.ts') ? [path] : [];
  });
}

/** Texts files hold nothing but `export const x = defineTexts('namespace', {…})`: plain JavaScript but for imports. */
function readCatalogues() {
  const catalogues = new Map();
  for (const path of textFiles(SOURCE)) {
    const code = readFileSync(path, 'utf8')
      .replace(/^import .*$/gm, '')
      .replace(/^export const /gm, 'const ');
    const define = (namespace, texts) => catalogues.set(namespace, { ...catalogues.get(namespace), ...texts });
    new Function('defineTexts', code)(define);
  }
  return catalogues;
}

const catalogues = readCatalogues();

/** `say(key, params)` in one language; an unknown key is a mistake in the journey. */
export function speak(language) {
  return (key, params = {}) => {
    const [namespace, ...rest] = key.split('.');
    const text = catalogues.get(namespace)?.[rest.join('.')];
    if (text === undefined) throw new Error(`no text ${key} in web/src`);
    const many = params.count !== undefined && params.count !== 1 && text[2] !== undefined;
    const wanted = language === 'zh' ? text[0] : many ? text[2] : text[1];
    return wanted.replace(/\{\{(\w+)\}\}/g, (_, name) => String(params[name] ?? ''));
  };
}

/** The parts of a text around its first parameter, for names that hold something the journey does not know. */
export function pattern(text, params = {}) {
  const escaped = text.replace(/[.*+?^$()|[\]\\]/g, '\\$&');
  return new RegExp(escaped.replace(/\{\{(\w+)\}\}/g, (_, name) => params[name] ?? '.*'));
}
