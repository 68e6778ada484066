import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { z } from 'zod';
import type { Exchange } from './http-server.ts';

const root = resolve(import.meta.dirname, '../../..');
const file = resolve(root, process.env.OPENAI_OPENAPI ?? '../shared/contracts/openai.openapi.json');

const Content = z.object({ content: z.record(z.string(), z.unknown()) });
const Operation = z.object({
  requestBody: Content.optional(),
  responses: z.record(z.string(), z.unknown()),
  parameters: z.array(z.looseObject({ name: z.string(), in: z.string() })).default([]),
});
const Description = z.looseObject({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) });

/** OpenAI's own description of its API, to hold requests and answers against. */
export class Contract {
  readonly #ajv = new Ajv2020({ strict: false });
  readonly #description: z.output<typeof Description>;
  readonly #templates: readonly { readonly template: string; readonly path: RegExp }[];
  readonly #compiled = new Map<string, ValidateFunction>();

  static #loaded: Contract | null | undefined;

  /** Null where the description is not there; it does not come with the project. */
  static load(): Contract | null {
    Contract.#loaded ??= existsSync(file) ? new Contract(JSON.parse(readFileSync(file, 'utf8'))) : null;
    return Contract.#loaded;
  }

  static readonly absence =
    "Not checked against OpenAI's API description: there is none at OPENAI_OPENAPI or ../shared/contracts.";

  private constructor(json: unknown) {
    this.#description = Description.parse(inToday(json, ''));
    this.#templates = Object.keys(this.#description.paths)
      .toSorted((one, other) => one.split('{').length - other.split('{').length)
      .map((template) => ({
        template,
        path: new RegExp(`^${template.replaceAll(/\{\w+\}/g, '[^/]+')}$`),
      }));
    addFormats.default(this.#ajv);
    this.#ajv.addFormat('unixtime', { type: 'number', validate: Number.isSafeInteger });
    this.#ajv.addFormat('binary', true);
    this.#ajv.addSchema(this.#description, 'openai');
  }

  /** What is wrong with a request and its answer, a sentence each. */
  failuresOf(exchange: Exchange): string[] {
    const [method = ''] = exchange.route.toLowerCase().split(' ');
    const template = this.#templates.find(({ path }) => path.test(exchange.path))?.template ?? '';
    const found = Operation.safeParse(this.#description.paths[template]?.[method]);
    if (!found.success) return [`${exchange.route}: OpenAI's description has no such operation.`];
    const pointer = ['paths', template, method];
    return [
      ...this.#failuresOfRequest(exchange, found.data, pointer).map(
        (failure) => `${exchange.route}, request: ${failure}`,
      ),
      ...this.#failuresOfAnswer(exchange, pointer).map(
        (failure) => `${exchange.route}, ${exchange.status} answer: ${failure}`,
      ),
    ];
  }

  #failuresOfRequest(
    { body, form, query, status }: Exchange,
    { requestBody, parameters }: z.output<typeof Operation>,
    pointer: readonly string[],
  ): string[] {
    // What was refused for its form need not have the right one.
    if (status >= 400 && status < 500) return [];
    const known = parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name);
    const unknown = [...query.keys()].filter((name) => !known.includes(name.replace(/\[.*\]$/, '')));
    const strange = unknown.map((name) => `it has the unknown parameter ${name}`);
    const type = form === null ? 'application/json' : 'multipart/form-data';
    const sent = form === null ? body : fieldsOf(form);
    if (sent === undefined) return strange;
    if (requestBody?.content[type] === undefined) return [...strange, `it may not have a body of ${type}`];
    return [...strange, ...this.#validate([...pointer, 'requestBody', 'content', type, 'schema'], sent)];
  }

  #failuresOfAnswer({ status, answer }: Exchange, pointer: readonly string[]): string[] {
    if (answer === null) return [];
    if (status >= 400) {
      // No operation lists its errors.
      return answer.kind === 'json'
        ? this.#validate(['components', 'schemas', 'ErrorResponse'], answer.body)
        : [];
    }
    const content = [...pointer, 'responses', String(status), 'content'];
    if (answer.kind === 'json') {
      return this.#validate([...content, 'application/json', 'schema'], overTheWire(answer.body));
    }
    return answer.events.flatMap((event) =>
      this.#validate([...content, 'text/event-stream', 'schema'], overTheWire(event)),
    );
  }

  #validate(pointer: readonly string[], value: unknown): string[] {
    const ref = `openai#/${pointer.map(escapePointer).join('/')}`;
    const validate = this.#compiled.get(ref) ?? this.#ajv.compile({ $ref: ref });
    this.#compiled.set(ref, validate);
    if (validate(value)) return [];
    return [this.#ajv.errorsText(validate.errors, { dataVar: 'body', separator: '; ' })];
  }
}

/** A job's status after it was paused, as the example of that operation shows, is not among those of a job. */
const PAUSABLE = '/components/schemas/FineTuningJob/properties/status';

/** The description says it is OpenAPI 3.1, but in places it still says things as 3.0 did. */
function inToday(node: unknown, pointer: string): unknown {
  if (pointer === PAUSABLE) return { type: 'string' };
  if (Array.isArray(node)) return node.map((item, index) => inToday(item, `${pointer}/${index}`));
  if (typeof node !== 'object' || node === null) return node;
  const schema = Object.fromEntries(
    Object.entries(node).map(([name, value]) => [name, inToday(value, `${pointer}/${name}`)]),
  );
  if (schema.exclusiveMinimum === true) {
    const { minimum, ...rest } = schema;
    return inToday({ ...rest, exclusiveMinimum: minimum }, pointer);
  }
  if (typeof schema.nullable !== 'boolean') return schema;
  const { nullable, ...rest } = schema;
  return nullable ? { anyOf: [rest, { type: 'null' }] } : rest;
}

function fieldsOf(form: FormData): object {
  return Object.fromEntries(
    [...form].map(([name, value]) => [name, typeof value === 'string' ? value : '(binary)']),
  );
}

/** What is undefined does not go over it. */
function overTheWire(body: unknown): unknown {
  return JSON.parse(JSON.stringify(body));
}

function escapePointer(step: string): string {
  return encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'));
}
