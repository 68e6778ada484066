"""Fine-tuning of a LoRA adapter on a Mac with Apple silicon: pip install "mlx-lm[train]"

TRAINER_COMMAND=["/srv/venv/bin/python","/srv/training-ledger/examples/trainers/python/run_mlx_lm.py","--config","{config}"]
"""

import math
import re
import shutil
import subprocess
import sys

from training_ledger import BAD_DATASET, Job, fail, say

REPORT = re.compile(r"Iter (\d+): (Train|Val) loss ([\d.]+|nan|inf)")


def main():
    job = Job("mlx-lm", ["sft"])
    count = len(job.examples(job.train))
    if count == 0:
        fail(BAD_DATASET, "there is nothing to learn")
    # mlx-lm takes a directory, and no empty file; what is held out where nothing is, is then only looked at.
    data = job.directory / "data"
    data.mkdir(exist_ok=True)
    has_valid = job.valid.stat().st_size > 0
    shutil.copyfile(job.train, data / "train.jsonl")
    shutil.copyfile(job.valid if has_valid else job.train, data / "valid.jsonl")
    held_out = len(job.examples(job.valid)) if has_valid else count
    batch = min(job.number("batch_size", 4), count, held_out)
    steps = job.number("steps", math.ceil(count / batch) * job.number("n_epochs", 3))
    command = [
        "mlx_lm.lora",
        "--train",
        "--model", job.base_model,
        "--data", str(data),
        "--adapter-path", str(job.out),
        "--iters", str(steps),
        "--batch-size", str(batch),
        "--learning-rate", str(job.number("learning_rate", 1e-5)),
        "--steps-per-report", "1",
        "--seed", str(job.seed),
        "--mask-prompt",
    ]
    loss = held = None
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as training:
        for line in training.stdout:
            print(line, end="", flush=True)
            found = REPORT.search(line)
            if not found:
                continue
            figure = float(found[3]) if math.isfinite(float(found[3])) else None
            if found[2] == "Val":
                held = figure
                continue
            loss = figure
            say("progress", step=int(found[1]), total=steps, loss=loss, eval_loss=held)
    if training.returncode != 0:
        # What it said last is on standard output, where the bot reads it.
        sys.exit(1)
    job.finish(["mlx-lm", "mlx"], names=["adapters.safetensors", "adapter_config.json"], loss=loss)


main()
