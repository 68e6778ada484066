-- What queries see of the generation g0_; the swap to another one puts its number in the place of the 0.

CREATE VIEW history AS
  SELECT h.ordinal, h.event, scopes.text AS scope, channels.text AS channel, h.stream, h.revision, h.type,
    actors.text AS actor, h.command
  FROM g0_history AS h
    JOIN g0_texts AS scopes ON scopes.number = h.scope
    -- Each is there, but only a left join is left out where a query does not ask for it.
    LEFT JOIN g0_texts AS channels ON channels.number = h.channel
    LEFT JOIN g0_texts AS actors ON actors.number = h.actor;
CREATE VIEW answers AS SELECT * FROM g0_answers;
CREATE VIEW model_answers AS SELECT * FROM g0_model_answers;
CREATE VIEW corrections AS
  SELECT c.id, c.answer, c.ordinal, c.event, c.scope, c.channel, c.member, c.origin, c.time,
    coalesce(approval.text, c.text) AS text,
    coalesce(approval.question, c.question) AS question,
    CASE WHEN coalesce(approval.text, approval.question) IS NOT NULL THEN approval.member END AS editor,
    coalesce(
      (SELECT v.status FROM g0_verdicts AS v WHERE v.scope = c.scope AND v.correction = c.id
        ORDER BY v.ordinal DESC LIMIT 1),
      c.given_status
    ) AS status
  FROM g0_corrections AS c
    LEFT JOIN g0_verdicts AS approval ON approval.ordinal =
      (SELECT max(v.ordinal) FROM g0_verdicts AS v
        WHERE v.scope = c.scope AND v.correction = c.id AND v.status = 'standing');
CREATE VIEW waiting AS SELECT * FROM g0_waiting;
CREATE VIEW feedback AS SELECT * FROM g0_feedback;
CREATE VIEW datasets AS SELECT * FROM g0_datasets;
CREATE VIEW dataset_examples AS
  SELECT d.scope, d.id AS dataset, e.line, e.answer, e.correction, e.dataset_ordinal, e.listed
  FROM g0_dataset_examples AS e JOIN g0_datasets AS d ON d.ordinal = e.dataset_ordinal;
CREATE VIEW jobs AS SELECT * FROM g0_jobs;
CREATE VIEW models AS SELECT * FROM g0_models;
CREATE VIEW makings AS SELECT * FROM g0_makings;
CREATE VIEW promotions AS SELECT * FROM g0_promotions;
CREATE VIEW evaluations AS SELECT * FROM g0_evaluations;
CREATE VIEW members AS SELECT * FROM g0_members;
CREATE VIEW policies AS SELECT * FROM g0_policies;
CREATE VIEW settings AS SELECT * FROM g0_settings;
CREATE VIEW utterances AS SELECT * FROM g0_utterances;
