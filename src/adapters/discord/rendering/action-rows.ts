import {
  type APIActionRowComponent,
  type APIButtonComponentWithCustomId,
  type APIComponentInMessageActionRow,
  ButtonStyle,
  ComponentType,
} from 'discord.js';
import type { Action } from '../../../domain/surface.ts';
import { customIdOf } from './custom-id.ts';
import { shortened } from './shortened.ts';

const BUTTONS_IN_A_ROW = 5;
const ROWS = 5;
const MAX_LABEL = 80;

const styles: Readonly<Record<Action['style'], APIButtonComponentWithCustomId['style']>> = {
  primary: ButtonStyle.Primary,
  secondary: ButtonStyle.Secondary,
  success: ButtonStyle.Success,
  danger: ButtonStyle.Danger,
};

type Button = APIButtonComponentWithCustomId;

/**
 * The buttons under a message, at most five rows of five; those about the same thing stand in one row where there is
 * room for that. Left out is what cannot stand there: a request that is too long for a button, and a second button
 * for the same thing, for which Discord refuses the whole message.
 */
export function actionRows(
  actions: readonly Action[],
): readonly APIActionRowComponent<APIComponentInMessageActionRow>[] {
  const buttons = new Map<string, { readonly subject: string | undefined; readonly button: Button }>();
  for (const action of actions) {
    const customId = customIdOf(action);
    if (customId === null || buttons.has(customId)) continue;
    buttons.set(customId, { subject: subjectOf(action), button: buttonOf(action, customId) });
  }
  const all = [...buttons.values()].slice(0, ROWS * BUTTONS_IN_A_ROW);
  const together = Map.groupBy(all, ({ subject }) => subject).values();
  const rows = [...rowsOf([...together])];
  const shown = rows.length <= ROWS ? rows : [...rowsOf(all.map((one) => [one]))];
  return shown.map((row) => ({ type: ComponentType.ActionRow, components: row.map(({ button }) => button) }));
}

/** What it is about comes first among the options of a request. */
function subjectOf({ request }: Action): string | undefined {
  return Object.values(request.options)[0];
}

/** A group is divided only where it is longer than a row. */
function* rowsOf<One>(groups: readonly (readonly One[])[]): Generator<readonly One[]> {
  let row: One[] = [];
  for (const group of groups) {
    if (row.length > 0 && row.length + group.length > BUTTONS_IN_A_ROW) {
      yield row;
      row = [];
    }
    for (const one of group) {
      if (row.length === BUTTONS_IN_A_ROW) {
        yield row;
        row = [];
      }
      row.push(one);
    }
  }
  if (row.length > 0) yield row;
}

function buttonOf({ label, emoji, style }: Action, customId: string): Button {
  const shown = shortened(label, MAX_LABEL);
  return {
    type: ComponentType.Button,
    style: styles[style],
    custom_id: customId,
    ...(emoji !== null && { emoji: { name: emoji } }),
    // A button shows something: where there is neither a label nor an emoji, what it does.
    ...((shown !== '' || emoji === null) && { label: shown === '' ? customId.slice(0, MAX_LABEL) : shown }),
  };
}
