"""Direct preference optimisation of a LoRA adapter with TRL: pip install trl peft

TRAINER_COMMAND=["/srv/venv/bin/python","/srv/training-ledger/examples/trainers/python/trl_dpo.py","--config","{config}"]
TRAINER_FORMATS=dpo
"""

from training_ledger import Job, preference, progress_callback, told


def main():
    job = Job("TRL DPO", ["dpo"])

    from datasets import Dataset
    from peft import LoraConfig
    from transformers import AutoTokenizer
    from trl import DPOConfig, DPOTrainer

    train = [preference(example) for example in job.examples(job.train)]
    valid = [preference(example) for example in job.examples(job.valid)]
    progress = progress_callback()
    trainer = DPOTrainer(
        model=job.base_model,
        args=DPOConfig(
            output_dir=str(job.directory / "checkpoints"),
            num_train_epochs=job.number("n_epochs", 3),
            per_device_train_batch_size=job.number("batch_size", 2),
            learning_rate=job.number("learning_rate", 5e-6),
            beta=job.number("beta", 0.1),
            max_length=job.number("max_length", 2048),
            seed=job.seed,
            logging_steps=1,
            eval_strategy="epoch" if valid else "no",
            save_strategy="no",
            report_to="none",
        ),
        train_dataset=Dataset.from_list(train),
        eval_dataset=Dataset.from_list(valid) if valid else None,
        processing_class=AutoTokenizer.from_pretrained(job.base_model),
        peft_config=LoraConfig(r=job.number("lora_r", 16), lora_alpha=job.number("lora_alpha", 32), task_type="CAUSAL_LM"),
        callbacks=[progress],
    )
    told(trainer.train)
    trainer.save_model(str(job.out))
    job.name_base_model()
    job.finish(["trl", "peft", "transformers", "torch"], loss=progress.loss)


main()
