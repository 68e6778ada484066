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

/**
 * The buttons under a message, at most five rows of five. Left out is what cannot stand there: a request that is too
 * long for a button, and a second button for the same thing, for which Discord refuses the whole message.
 */
export function actionRows(
  actions: readonly Action[],
): readonly APIActionRowComponent<APIComponentInMessageActionRow>[] {
  const buttons = new Map<string, APIButtonComponentWithCustomId>();
  for (const action of actions) {
    const customId = customIdOf(action);
    if (customId !== null && !buttons.has(customId)) buttons.set(customId, buttonOf(action, customId));
  }
  const all = [...buttons.values()].slice(0, ROWS * BUTTONS_IN_A_ROW);
  return Array.from({ length: Math.ceil(all.length / BUTTONS_IN_A_ROW) }, (_, row) => ({
    type: ComponentType.ActionRow,
    components: all.slice(row * BUTTONS_IN_A_ROW, (row + 1) * BUTTONS_IN_A_ROW),
  }));
}

function buttonOf({ label, emoji, style }: Action, customId: string): APIButtonComponentWithCustomId {
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
