-- Of the tables with a row for nearly every event. An index ends in the rowid, which is the ordinal, so that each
-- of them is also in the order in which things happened.

CREATE INDEX IF NOT EXISTS g0_history_event ON g0_history (scope, event);
CREATE INDEX IF NOT EXISTS g0_history_channel ON g0_history (scope, channel);
CREATE INDEX IF NOT EXISTS g0_history_actor ON g0_history (scope, actor);
CREATE INDEX IF NOT EXISTS g0_history_scope ON g0_history (scope);
CREATE INDEX IF NOT EXISTS g0_history_command ON g0_history (command);
CREATE INDEX IF NOT EXISTS g0_answers_id ON g0_answers (scope, id);
CREATE INDEX IF NOT EXISTS g0_answers_channel ON g0_answers (scope, channel) WHERE evaluation IS NULL;
CREATE INDEX IF NOT EXISTS g0_answers_scope ON g0_answers (scope) WHERE evaluation IS NULL;
CREATE INDEX IF NOT EXISTS g0_answers_conversation ON g0_answers (scope, conversation) WHERE evaluation IS NULL;
CREATE INDEX IF NOT EXISTS g0_answers_model ON g0_answers (scope, model) WHERE failure IS NULL;
CREATE INDEX IF NOT EXISTS g0_answers_evaluation ON g0_answers (scope, evaluation) WHERE evaluation IS NOT NULL;
CREATE INDEX IF NOT EXISTS g0_corrections_id ON g0_corrections (scope, id);
CREATE INDEX IF NOT EXISTS g0_corrections_answer ON g0_corrections (scope, answer);
CREATE INDEX IF NOT EXISTS g0_corrections_channel ON g0_corrections (scope, channel);
CREATE INDEX IF NOT EXISTS g0_corrections_scope ON g0_corrections (scope);
CREATE INDEX IF NOT EXISTS g0_feedback_answer ON g0_feedback (scope, answer) WHERE answer IS NOT NULL;
CREATE INDEX IF NOT EXISTS g0_dataset_examples_answer ON g0_dataset_examples (answer);
CREATE INDEX IF NOT EXISTS g0_verdicts_correction ON g0_verdicts (scope, correction);
