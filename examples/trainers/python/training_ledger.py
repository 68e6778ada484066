"""What every wrapper needs to be a trainer of the bot's: the job, the data, the protocol and the manifest.

Nothing but Python's own library (3.9 or later). docs/trainers/protocol.md explains the protocol trainer/1.
"""

import argparse
import hashlib
import importlib.metadata
import json
import os
import platform
import sys
from pathlib import Path

BAD_CONFIGURATION = 2
BAD_DATASET = 3
OUT_OF_MEMORY = 4
WORTH_RETRYING = 5

# The bot opens descriptor 3 for the protocol and sets this variable; run by hand, the lines go to standard output.
_STARTED_BY_BOT = "TRAINING_LEDGER_JOB_DIRECTORY" in os.environ
_protocol = os.fdopen(3, "w", encoding="utf-8") if _STARTED_BY_BOT else sys.stdout


def say(kind, **fields):
    """Writes one line of the protocol."""
    _protocol.write(json.dumps({"kind": kind, **fields}) + "\n")
    _protocol.flush()


def fail(code, message):
    """Ends the program with a reason."""
    say("error", message=message)
    sys.exit(code)


class Job:
    """One training, as it stands in the file that the bot gives as {config}."""

    def __init__(self, trainer, methods):
        parser = argparse.ArgumentParser()
        parser.add_argument("--config", required=True, help="{config}")
        arguments, self.rest = parser.parse_known_args()
        config = json.loads(Path(arguments.config).read_text(encoding="utf-8"))
        self.base_model = config["base_model"]
        self.method = config["method"]
        self.seed = config["seed"]
        self.dataset_sha256 = config["dataset"]["sha256"]
        self.train = Path(config["train"])
        self.valid = Path(config["valid"])
        self.out = Path(config["out"])
        self.directory = self.out.parent
        self.hyperparameters = config["hyperparameters"]
        say("hello", protocol="trainer/1", trainer=trainer)
        if self.method not in methods:
            fail(BAD_DATASET, f"{trainer} is set up for {' and '.join(methods)}, not for {self.method}")

    def number(self, name, usual):
        """A hyperparameter, of the kind that its usual value has."""
        given = self.hyperparameters.get(name, usual)
        try:
            return type(usual)(given)
        except ValueError:
            fail(BAD_CONFIGURATION, f"the hyperparameter {name} must be a number, not {given!r}")

    def examples(self, path):
        """The lines of a file of examples; the file of held-out ones may be empty."""
        with open(path, encoding="utf-8") as file:
            return [json.loads(line) for line in file]

    def finish(self, tools, names=None, loss=None):
        """Writes the manifest of the named files, or of every file in the output directory itself."""
        files = [self.out / name for name in names] if names else sorted(self.out.iterdir())
        made = [file for file in files if file.is_file() and file.name not in ("manifest.json", "trainer_log.jsonl")]
        if not made:
            fail(1, f"nothing was made in {self.out}")
        manifest = {
            "protocol": "trainer/1",
            "dataset_sha256": self.dataset_sha256,
            "base_model": self.base_model,
            "seed": self.seed,
            "tools": {"python": platform.python_version(), **versions(tools)},
            "artifacts": [{"path": file.name, "sha256": sha256(file)} for file in made],
        }
        for file in made:
            say("artifact", path=file.name)
        (self.out / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
        say("done", loss=loss)

    def name_base_model(self):
        """Lets the adapter name the base model as the bot does: vLLM takes it only for the one that it serves."""
        path = self.out / "adapter_config.json"
        adapter = json.loads(path.read_text(encoding="utf-8"))
        adapter["base_model_name_or_path"] = self.base_model
        path.write_text(json.dumps(adapter, indent=2) + "\n", encoding="utf-8")


def versions(packages):
    """The installed versions of packages, as far as they are there."""
    found = {}
    for package in packages:
        try:
            found[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            pass
    return found


def sha256(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def prompt_and_completion(example):
    """An sft example as TRL's prompt and completion: only the last answer is learned."""
    messages = example["messages"]
    return {"prompt": messages[:-1], "completion": messages[-1:]}


def preference(example):
    """A dpo example, which comes in OpenAI's preference format, as TRL's."""
    return {
        "prompt": example["input"]["messages"],
        "chosen": example["preferred_output"],
        "rejected": example["non_preferred_output"],
    }


def progress_callback():
    """Tells the bot of every step that Hugging Face's Trainer logs."""
    from transformers import TrainerCallback

    class Progress(TrainerCallback):
        loss = None

        def on_log(self, args, state, control, logs=None, **kwargs):
            logs = logs or {}
            if "loss" not in logs and "eval_loss" not in logs:
                return
            self.loss = logs.get("loss", self.loss)
            say(
                "progress",
                step=state.global_step,
                total=state.max_steps,
                loss=self.loss,
                eval_loss=logs.get("eval_loss"),
                learning_rate=logs.get("learning_rate"),
            )

        def on_save(self, args, state, control, **kwargs):
            say("checkpoint", step=state.global_step)

    return Progress()


def told(train):
    """Runs the training and gives what goes wrong the exit code that the bot understands."""
    try:
        return train()
    except Exception as error:  # whatever it is, the bot is to be told
        if "out of memory" in str(error).lower() or type(error).__name__ == "OutOfMemoryError":
            fail(OUT_OF_MEMORY, str(error).splitlines()[0])
        if isinstance(error, ConnectionError):
            fail(WORTH_RETRYING, str(error).splitlines()[0])
        raise
