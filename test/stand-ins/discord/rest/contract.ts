import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { z } from 'zod';
import type { Exchange } from './server.ts';

const root = resolve(import.meta.dirname, '../../../..');
const file = resolve(root, process.env.DISCORD_OPENAPI ?? '../shared/contracts/discord.openapi.json');

const Content = z.object({ content: z.record(z.string(), z.unknown()).optional() });
const Responses = z.record(z.string(), z.object({ $ref: z.string() }).or(Content));
const Operation = z.object({ requestBody: Content.optional(), responses: Responses });
const Description = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
  components: z.looseObject({ schemas: z.record(z.string(), z.unknown()) }),
});

/** Where the description is narrower than what Discord documents and takes. */
const widenings: readonly { readonly schemas: RegExp; readonly property: string; readonly schema: object }[] =
  [
    {
      // The documentation and every client write the bits as a string.
      schemas: /^ApplicationCommand(Create|Update)Request$|^ApplicationCommandPatchRequestPartial$/,
      property: 'default_member_permissions',
      schema: { type: ['string', 'integer', 'null'], pattern: '^[0-9]+$' },
    },
    {
      // For the error of one field the documentation shows words, such as BASE_TYPE_REQUIRED.
      schemas: /^InnerErrors$/,
      property: '_errors',
      schema: {
        type: 'array',
        items: {
          type: 'object',
          properties: { code: { type: ['string', 'integer'] }, message: { type: 'string' } },
          required: ['code', 'message'],
        },
      },
    },
  ];

/** Discord's own description of its HTTP API, to hold requests and answers against. */
export class Contract {
  readonly #ajv = new Ajv2020({ strict: false, allErrors: false });
  readonly #paths: readonly { readonly template: string; readonly pattern: RegExp }[];
  readonly #description: z.output<typeof Description>;
  readonly #compiled = new Map<string, ValidateFunction>();

  static #loaded: Contract | null | undefined;

  /** Null where the description is not there; it does not come with the project. */
  static load(): Contract | null {
    Contract.#loaded ??= existsSync(file) ? new Contract(JSON.parse(readFileSync(file, 'utf8'))) : null;
    return Contract.#loaded;
  }

  static readonly absence =
    `Not checked against Discord's API description: there is none at DISCORD_OPENAPI or ../shared/contracts.`;

  private constructor(json: unknown) {
    this.#description = Description.parse(json);
    widen(this.#description.components.schemas);
    // Fixed parts first: `@original` is not a message id.
    this.#paths = Object.keys(this.#description.paths)
      .toSorted((one, other) => one.split('{').length - other.split('{').length)
      .map((template) => ({
        template,
        pattern: new RegExp(`^${template.replaceAll(/\{\w+\}/g, '[^/]+')}$`),
      }));
    addFormats.default(this.#ajv);
    this.#ajv.addFormat('snowflake', /^\d{1,20}$/);
    this.#ajv.addFormat('nonce', true);
    this.#ajv.addSchema(this.#description, 'discord');
  }

  /** What is wrong with a request and its answer, a sentence each. */
  failuresOf(exchange: Exchange): string[] {
    const method = exchange.route.slice(0, exchange.route.indexOf(' '));
    const template = this.#paths.find(({ pattern }) => pattern.test(exchange.path))?.template;
    const operation = Operation.safeParse(
      template === undefined ? undefined : this.#description.paths[template]?.[method.toLowerCase()],
    ).data;
    if (template === undefined || operation === undefined)
      return [`${exchange.route}: Discord's description has no such operation.`];
    const pointer = ['paths', template, method.toLowerCase()];
    const name = `${method} ${template}`;
    return [
      ...this.#failuresOfRequest(exchange, operation, pointer).map(
        (failure) => `${name}, request: ${failure}`,
      ),
      ...this.#failuresOfAnswer(exchange, operation, pointer).map(
        (failure) => `${name}, ${exchange.status} answer: ${failure}`,
      ),
    ];
  }

  #failuresOfRequest(
    { body, status }: Exchange,
    { requestBody }: z.output<typeof Operation>,
    pointer: readonly string[],
  ): string[] {
    // What was refused for its form need not have the right one.
    if (status >= 400) return [];
    if (body === undefined) return [];
    if (requestBody?.content === undefined) return ['it has a body and may not have one'];
    return this.#validate([...pointer, 'requestBody', 'content', 'application/json', 'schema'], body);
  }

  #failuresOfAnswer(
    { status, answer }: Exchange,
    { responses }: z.output<typeof Operation>,
    pointer: readonly string[],
  ): string[] {
    const key = [String(status), `${String(status)[0]}XX`].find((candidate) => candidate in responses);
    const response = key === undefined ? undefined : responses[key];
    if (key === undefined || response === undefined) return ['it may not have this status'];
    const described = '$ref' in response ? response.$ref.slice(2).split('/') : [...pointer, 'responses', key];
    const hasContent = '$ref' in response || response.content !== undefined;
    if (!hasContent) return answer === undefined ? [] : ['it has a body and may not have one'];
    if (answer === undefined) return ['it has no body'];
    // A JSON round trip, since that is what goes over the wire.
    return this.#validate(
      [...described, 'content', 'application/json', 'schema'],
      JSON.parse(JSON.stringify(answer)),
    );
  }

  #validate(pointer: readonly string[], value: unknown): string[] {
    const ref = `discord#/${pointer.map(escapePointer).join('/')}`;
    const validate = this.#compiled.get(ref) ?? this.#ajv.compile({ $ref: ref });
    this.#compiled.set(ref, validate);
    if (validate(value)) return [];
    // Of alternatives that all fail, the complaint that lies deepest is about the one that was meant.
    const errors = (validate.errors ?? []).toSorted((one, other) => depthOf(other) - depthOf(one));
    return [this.#ajv.errorsText(errors.slice(0, 2), { dataVar: 'body', separator: '; ' })];
  }
}

function depthOf({ instancePath }: ErrorObject): number {
  return instancePath.split('/').length;
}

function escapePointer(step: string): string {
  return encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'));
}

const WithProperties = z.looseObject({ properties: z.record(z.string(), z.unknown()) });

function widen(described: Record<string, unknown>): void {
  for (const { schemas, property, schema } of widenings) {
    for (const name of Object.keys(described).filter((candidate) => schemas.test(candidate))) {
      const narrow = WithProperties.parse(described[name]);
      described[name] = { ...narrow, properties: { ...narrow.properties, [property]: schema } };
    }
  }
}
