/**
 * Types of the API for the web application, from the server's own description on standard input:
 *   shouxin openapi | npm run types              writes src/api/schema.d.ts
 *   shouxin openapi | npm run types -- --check   fails when it is out of date
 * The description is judged by the rules of OpenAPI 3.1 first.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import openapiTS, { astToString, COMMENT_HEADER } from 'openapi-typescript';

const target = new URL('../src/api/schema.d.ts', import.meta.url);
const source = await text(process.stdin);

const config = await createConfig({
  rules: {
    struct: 'error',
    'no-unresolved-refs': 'error',
    'no-unused-components': 'off',
    'path-parameters-defined': 'error',
    'no-identical-paths': 'error',
    'no-path-trailing-slash': 'error',
    'operation-operationId': 'error',
    'operation-operationId-unique': 'error',
    'operation-operationId-url-safe': 'error',
    'operation-parameters-unique': 'error',
    'operation-summary': 'error',
    'operation-2xx-response': 'error',
    'security-defined': 'error',
    'component-name-unique': 'error',
    'no-enum-type-mismatch': 'error',
    'no-required-schema-properties-undefined': 'off',
  },
});
const problems = await lintFromString({ source, absoluteRef: 'openapi.json', config });
for (const { ruleId, message, location } of problems) console.error(`${ruleId}: ${message} (${location[0]?.pointer})`);
if (problems.length > 0) process.exit(1);

const written = COMMENT_HEADER + astToString(await openapiTS(JSON.parse(source), { alphabetize: true }));
if (!process.argv.includes('--check')) {
  await writeFile(target, written);
} else if ((await readFile(target, 'utf8').catch(() => '')) !== written) {
  console.error('src/api/schema.d.ts is out of date: cargo xtask types');
  process.exit(1);
}
