"""Supervised fine-tuning of a LoRA adapter with TRL: pip install trl peft

TRAINER_COMMAND=["/srv/venv/bin/python","/srv/training-ledger/examples/trainers/python/trl_sft.py","--config","{config}"]
"""

from training_ledger import Job, progress_callback, prompt_and_completion, told


def main():
    job = Job("TRL SFT", ["sft"])

    from datasets import Dataset
    from peft import LoraConfig
    from trl import SFTConfig, SFTTrainer

    train = [prompt_and_completion(example) for example in job.examples(job.train)]
    valid = [prompt_and_completion(example) for example in job.examples(job.valid)]
    progress = progress_callback()
    trainer = SFTTrainer(
        model=job.base_model,
        args=SFTConfig(
            output_dir=str(job.directory / "checkpoints"),
            num_train_epochs=job.number("n_epochs", 3),
            per_device_train_batch_size=job.number("batch_size", 4),
            learning_rate=job.number("learning_rate", 2e-4),
            max_length=job.number("max_length", 2048),
            seed=job.seed,
            logging_steps=1,
            eval_strategy="epoch" if valid else "no",
            save_strategy="no",
            report_to="none",
        ),
        train_dataset=Dataset.from_list(train),
        eval_dataset=Dataset.from_list(valid) if valid else None,
        peft_config=LoraConfig(r=job.number("lora_r", 16), lora_alpha=job.number("lora_alpha", 32), task_type="CAUSAL_LM"),
        callbacks=[progress],
    )
    told(trainer.train)
    trainer.save_model(str(job.out))
    job.name_base_model()
    job.finish(["trl", "peft", "transformers", "torch"], loss=progress.loss)


main()
