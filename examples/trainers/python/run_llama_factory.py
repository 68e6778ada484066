"""Fine-tuning of a LoRA adapter with LLaMA-Factory, whose command `llamafactory-cli` must be on the PATH.

TRAINER_COMMAND=["/srv/venv/bin/python","/srv/training-ledger/examples/trainers/python/run_llama_factory.py","--config","{config}","--template","qwen"]
TRAINER_FORMATS=sft,dpo,kto

LLaMA-Factory writes its progress into trainer_log.jsonl in the output directory, which the bot reads.
"""

import argparse
import json
import subprocess
import sys

from training_ledger import Job

TAGS = {
    "role_tag": "role",
    "content_tag": "content",
    "user_tag": "user",
    "assistant_tag": "assistant",
    "system_tag": "system",
}
COLUMNS = {
    "sft": {"messages": "messages"},
    "dpo": {"messages": "messages", "chosen": "chosen", "rejected": "rejected"},
    "kto": {"messages": "messages", "kto_tag": "label"},
}


def converted(method, example):
    """An example in the shape that dataset_info.json describes."""
    if method == "dpo":
        return {
            "messages": example["input"]["messages"],
            "chosen": example["preferred_output"][0],
            "rejected": example["non_preferred_output"][0],
        }
    if method == "kto":
        return {"messages": example["prompt"] + example["completion"], "label": example["label"]}
    return {"messages": example["messages"]}


def main():
    job = Job("LLaMA-Factory", ["sft", "dpo", "kto"])
    parser = argparse.ArgumentParser()
    parser.add_argument("--template", required=True, help="the chat template of the base model, such as qwen")
    template = parser.parse_args(job.rest).template

    data = job.directory / "data"
    data.mkdir(exist_ok=True)
    information = {}
    for name, path in (("train", job.train), ("valid", job.valid)):
        examples = [converted(job.method, example) for example in job.examples(path)]
        if not examples:
            continue
        (data / f"{name}.json").write_text(json.dumps(examples), encoding="utf-8")
        information[name] = {
            "file_name": f"{name}.json",
            "formatting": "sharegpt",
            "columns": COLUMNS[job.method],
            "tags": TAGS,
            **({"ranking": True} if job.method == "dpo" else {}),
        }
    (data / "dataset_info.json").write_text(json.dumps(information, indent=2), encoding="utf-8")

    config = {
        "model_name_or_path": job.base_model,
        "stage": job.method,
        "do_train": True,
        "finetuning_type": "lora",
        "lora_target": "all",
        "lora_rank": job.number("lora_r", 16),
        "dataset_dir": str(data),
        "dataset": "train",
        "template": template,
        "cutoff_len": job.number("max_length", 2048),
        "output_dir": str(job.out),
        "overwrite_output_dir": True,
        "per_device_train_batch_size": job.number("batch_size", 2),
        "num_train_epochs": job.number("n_epochs", 3.0),
        "learning_rate": job.number("learning_rate", 1e-4),
        "logging_steps": 1,
        "save_strategy": "no",
        "seed": job.seed,
        "report_to": "none",
        **({"eval_dataset": "valid", "eval_strategy": "epoch"} if "valid" in information else {}),
        **({"pref_beta": job.number("beta", 0.1)} if job.method != "sft" else {}),
    }
    # JSON is YAML, too.
    path = job.directory / "llama-factory.yaml"
    path.write_text(json.dumps(config, indent=2), encoding="utf-8")
    ended = subprocess.run(["llamafactory-cli", "train", str(path)], check=False)
    if ended.returncode != 0:
        # What it said last is on standard error, where the bot reads it.
        sys.exit(1)
    job.name_base_model()
    job.finish(["llamafactory", "trl", "peft", "transformers", "torch"])


main()
