import type { Log } from '../../domain/ports.ts';
import type { Bot, Reply } from '../../domain/surface.ts';
import type { Metrics, Result } from './metrics.ts';

/** The same bot, each of whose commands is counted and leaves a line in the log. */
export function observedBot(
  bot: Bot,
  { log, metrics, now }: { readonly log: Log; readonly metrics: Metrics | null; readonly now: () => number },
): Bot {
  const run: Bot['run'] = async (incoming, onText) => {
    const started = now();
    const reply = await bot.run(incoming, onText);
    const milliseconds = now() - started;
    // A name that is no command's is what somebody wrote.
    const command = reply.command === '' ? 'unknown' : reply.command;
    const result = resultOf(reply);
    metrics?.answered(command, result, milliseconds / 1_000);
    const { id, scope, channel, actor, origin } = incoming;
    log.info('command', {
      id,
      command,
      result,
      milliseconds: Math.round(milliseconds),
      scope,
      channel,
      actor: actor.id,
      origin,
    });
    return reply;
  };
  return {
    run,
    get prefix() {
      return bot.prefix;
    },
    get commands() {
      return bot.commands;
    },
    form: (incoming) => bot.form(incoming),
    suggest: (request) => bot.suggest(request),
    settingsOf: (scope) => bot.settingsOf(scope),
    isNearlyCommand: (name) => bot.isNearlyCommand(name),
    mayHear: (scope, member) => bot.mayHear(scope, member),
    consents: (listener, signal) => bot.consents(listener, signal),
    recordVoice: (report) => bot.recordVoice(report),
    jobStatus: (scope, job, locale) => bot.jobStatus(scope, job, locale),
    notices: (scope, listener, signal) => bot.notices(scope, listener, signal),
    idle: (scope) => bot.idle(scope),
    close: () => bot.close(),
  };
}

function resultOf({ ok, failed }: Reply): Result {
  if (ok) return 'done';
  return failed === true ? 'failed' : 'refused';
}
