import { InteractionResponseType as Response } from 'discord-api-types/v10';
import { z } from 'zod';
import { list, parseForm, text } from '../form-errors.ts';
import { type EditBody, parseEdit, parseResponse, type ResponseBody } from './message.ts';
import { type Modal, modal } from './modal.ts';

const choice = z.object({
  name: text({ min: 1, max: 100 }),
  name_localizations: z.record(z.string(), text({ min: 1, max: 100 })).nullish(),
  value: text({ min: 1, max: 100 }).or(z.number()),
});
export type Choice = z.output<typeof choice>;

const MAX_CHOICES = 25;

const envelope = z.object({
  type: z.literal([
    Response.ChannelMessageWithSource,
    Response.DeferredChannelMessageWithSource,
    Response.DeferredMessageUpdate,
    Response.UpdateMessage,
    Response.ApplicationCommandAutocompleteResult,
    Response.Modal,
  ]),
  data: z.unknown().optional(),
});
const deferral = z.object({ data: z.object({ flags: z.int().nullish() }).nullish() });
const choiceList = z.object({ data: z.object({ choices: list(choice, { max: MAX_CHOICES }) }) });
const shownModal = z.object({ data: modal });

export type Callback =
  | { readonly type: Response.ChannelMessageWithSource; readonly message: ResponseBody }
  | { readonly type: Response.DeferredChannelMessageWithSource; readonly flags: number }
  | { readonly type: Response.DeferredMessageUpdate }
  | { readonly type: Response.UpdateMessage; readonly message: EditBody }
  | { readonly type: Response.ApplicationCommandAutocompleteResult; readonly choices: readonly Choice[] }
  | { readonly type: Response.Modal; readonly modal: Modal };

export function parseCallback(body: unknown): Callback {
  const { type, data } = parseForm(envelope, body);
  switch (type) {
    case Response.ChannelMessageWithSource:
      return { type, message: parseResponse(data) };
    case Response.DeferredChannelMessageWithSource:
      return { type, flags: parseForm(deferral, body).data?.flags ?? 0 };
    case Response.DeferredMessageUpdate:
      return { type };
    case Response.UpdateMessage:
      return { type, message: parseEdit(data) };
    case Response.ApplicationCommandAutocompleteResult:
      return { type, choices: parseForm(choiceList, body).data.choices };
    case Response.Modal:
      return { type, modal: parseForm(shownModal, body).data };
  }
}
