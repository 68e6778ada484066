"""Fine-tuning of a LoRA adapter with Axolotl, whose command `axolotl` must be on the PATH: pip install axolotl

TRAINER_COMMAND=["/srv/venv/bin/python","/srv/training-ledger/examples/trainers/python/run_axolotl.py","--config","{config}"]

Axolotl prints its progress as Hugging Face's Trainer does, which the bot reads.
"""

import json
import subprocess
import sys

from training_ledger import Job


def dataset(job, path):
    """Axolotl reads chat messages as they are, and preferences with one message on each side."""
    kinds = {
        "sft": {"type": "chat_template", "field_messages": "messages"},
        "dpo": {
            "type": "chat_template.default",
            "field_messages": "messages",
            "field_chosen": "chosen",
            "field_rejected": "rejected",
        },
    }
    return {"path": str(path), "ds_type": "json", "split": "train", **kinds[job.method]}


def written(job, path):
    """The file of examples as Axolotl reads it."""
    if job.method == "sft":
        return path
    target = job.directory / f"axolotl-{path.name}"
    with open(target, "w", encoding="utf-8") as file:
        for example in job.examples(path):
            line = {
                "messages": example["input"]["messages"],
                "chosen": example["preferred_output"][0],
                "rejected": example["non_preferred_output"][0],
            }
            file.write(json.dumps(line) + "\n")
    return target


def main():
    job = Job("Axolotl", ["sft", "dpo"])
    has_valid = job.valid.stat().st_size > 0
    config = {
        "base_model": job.base_model,
        "adapter": "lora",
        "lora_r": job.number("lora_r", 16),
        "lora_alpha": job.number("lora_alpha", 32),
        "lora_dropout": 0.05,
        "lora_target_linear": True,
        "datasets": [dataset(job, written(job, job.train))],
        "dataset_prepared_path": str(job.directory / "prepared"),
        "output_dir": str(job.out),
        "sequence_len": job.number("max_length", 2048),
        "micro_batch_size": job.number("batch_size", 2),
        "gradient_accumulation_steps": 1,
        "num_epochs": job.number("n_epochs", 3),
        "learning_rate": job.number("learning_rate", 2e-4),
        "optimizer": "adamw_torch",
        "lr_scheduler": "cosine",
        "bf16": "auto",
        "seed": job.seed,
        "logging_steps": 1,
        **({"test_datasets": [dataset(job, written(job, job.valid))]} if has_valid else {}),
        **({"rl": "dpo"} if job.method == "dpo" else {}),
    }
    # JSON is YAML, too.
    path = job.directory / "axolotl.yml"
    path.write_text(json.dumps(config, indent=2), encoding="utf-8")
    ended = subprocess.run(["axolotl", "train", str(path)], check=False)
    if ended.returncode != 0:
        # What it said last is on standard error, where the bot reads it.
        sys.exit(1)
    job.name_base_model()
    job.finish(["axolotl", "trl", "peft", "transformers", "torch"])


main()
