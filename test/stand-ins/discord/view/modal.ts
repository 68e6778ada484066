import {
  type APIModalSubmission,
  type APIModalSubmissionComponent,
  ComponentType,
  type ModalSubmitComponent,
} from 'discord-api-types/v10';
import type { FileToStore } from '../cdn.ts';
import type { InteractionRecord } from '../interactions/interaction.ts';
import type { OptionForm } from '../interactions/options.ts';
import type { Modal, ModalInput } from '../rest/bodies/modal.ts';

const MAX_INPUT = 4000;

/** What a person fills into one field: a text, the values chosen, or files. */
export type FieldValue = string | readonly string[] | readonly FileToStore[];

/** A form that the bot has put before a member. */
export class ShownModal {
  readonly trigger: InteractionRecord;
  readonly modal: Modal;

  constructor(trigger: InteractionRecord, modal: Modal) {
    this.trigger = trigger;
    this.modal = modal;
  }

  get title(): string {
    return this.modal.title;
  }

  /** The labels, in order. */
  get labels(): readonly string[] {
    return this.modal.components.flatMap((component) => labelOf(component) ?? []);
  }

  /** What stands in a text field already. @param which its label or custom id */
  prefilled(which: string): string {
    const named = this.#inputs().find(({ label, input }) => label === which || input.custom_id === which);
    if (named?.input.type !== ComponentType.TextInput) throw new Error(`There is no text field ${which}.`);
    return named.input.value ?? '';
  }

  /**
   * What Discord's client sends when a person has changed these fields and presses submit.
   * @param fields by label or custom id
   * @throws Error where the client would not let them
   */
  submission(
    fields: Readonly<Record<string, FieldValue>>,
    form: OptionForm,
  ): Omit<APIModalSubmission, 'resolved'> {
    const inputs = this.#inputs();
    const known = (name: string) =>
      inputs.some(({ label, input }) => name === label || name === input.custom_id);
    const unknown = Object.keys(fields).find((name) => !known(name));
    if (unknown !== undefined)
      throw new Error(`The modal has no field ${unknown}, only: ${this.labels.join(', ')}.`);
    return {
      custom_id: this.modal.custom_id,
      components: this.modal.components.map((component, index) =>
        submitted(component, component.id ?? index + 1, (input) =>
          fill(input, fields[labelOf(component) ?? ''] ?? fields[input.custom_id], form),
        ),
      ),
    };
  }

  #inputs(): readonly { readonly label: string | undefined; readonly input: ModalInput }[] {
    return this.modal.components.flatMap((component) => {
      const label = labelOf(component);
      if (component.type === ComponentType.Label) return [{ label, input: component.component }];
      if (component.type === ComponentType.ActionRow)
        return component.components.map((input) => ({ label, input }));
      return [];
    });
  }
}

function submitted(
  component: Modal['components'][number],
  id: number,
  filled: (input: ModalInput) => ModalSubmitComponent,
): APIModalSubmissionComponent {
  switch (component.type) {
    case ComponentType.TextDisplay:
      return { type: component.type, id };
    case ComponentType.Label:
      return { type: component.type, id, component: filled(component.component) };
    case ComponentType.ActionRow: {
      const components = component.components.map(filled);
      return {
        type: component.type,
        id,
        components: components.filter((one) => one.type === ComponentType.TextInput),
      };
    }
  }
}

function labelOf(component: Modal['components'][number]): string | undefined {
  if (component.type === ComponentType.Label) return component.label;
  return component.type === ComponentType.ActionRow ? component.components[0]?.label : undefined;
}

function fill(input: ModalInput, given: FieldValue | undefined, form: OptionForm): ModalSubmitComponent {
  const common = { custom_id: input.custom_id, id: input.id ?? 0 };
  switch (input.type) {
    case ComponentType.TextInput:
      return { ...common, type: input.type, value: textFor(input, given) };
    case ComponentType.StringSelect:
      return { ...common, type: input.type, values: choicesFor(input, given) };
    case ComponentType.FileUpload: {
      const files = [given ?? []].flat().filter((file) => typeof file !== 'string');
      checkNumber(input, files);
      return { ...common, type: input.type, values: files.map((file) => form.attach(file)) };
    }
  }
}

type Input<Type extends ComponentType> = Extract<ModalInput, { type: Type }>;

function textFor(input: Input<ComponentType.TextInput>, given: FieldValue | undefined): string {
  const value = given ?? input.value ?? '';
  if (typeof value !== 'string') throw new Error(`The field ${input.custom_id} takes a text.`);
  const { required = true, min_length: min = required ? 1 : 0, max_length: max = MAX_INPUT } = input;
  const { length } = value;
  if ((required || length > 0) && (length < min || length > max))
    throw new Error(`The field ${input.custom_id} takes ${min} to ${max} characters, not ${length}.`);
  return value;
}

function choicesFor(input: Input<ComponentType.StringSelect>, given: FieldValue | undefined): string[] {
  const offered = input.options.map(({ value }) => value);
  const defaults = input.options.filter((option) => option.default === true).map(({ value }) => value);
  const values = [given ?? defaults].flat().filter((value) => typeof value === 'string');
  checkNumber(input, values);
  const strange = values.find((value) => !offered.includes(value));
  if (strange !== undefined)
    throw new Error(`The field ${input.custom_id} offers ${offered.join(', ')}, not ${strange}.`);
  return values;
}

interface Counted {
  readonly custom_id: string;
  readonly required?: boolean;
  readonly min_values?: number;
  readonly max_values?: number;
}

function checkNumber(
  { custom_id: field, required = true, min_values: min = required ? 1 : 0, max_values: max = 1 }: Counted,
  values: readonly unknown[],
): void {
  if (values.length >= min && values.length <= max) return;
  throw new Error(`The field ${field} takes ${min} to ${max} values, not ${values.length}.`);
}
