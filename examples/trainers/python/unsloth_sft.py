"""Supervised fine-tuning of a LoRA adapter with Unsloth, in 4 bits: pip install unsloth

TRAINER_COMMAND=["/srv/venv/bin/python","/srv/training-ledger/examples/trainers/python/unsloth_sft.py","--config","{config}"]
"""

from training_ledger import Job, progress_callback, told


def main():
    job = Job("Unsloth", ["sft"])

    # Unsloth changes the libraries below, so it has to come before them.
    from unsloth import FastLanguageModel
    from datasets import Dataset
    from trl import SFTConfig, SFTTrainer

    longest = job.number("max_length", 2048)
    model, tokenizer = FastLanguageModel.from_pretrained(
        model_name=job.base_model, max_seq_length=longest, load_in_4bit=True
    )
    model = FastLanguageModel.get_peft_model(
        model,
        r=job.number("lora_r", 16),
        lora_alpha=job.number("lora_alpha", 16),
        target_modules=["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"],
        use_gradient_checkpointing="unsloth",
        random_state=job.seed,
    )

    def written(example):
        return {"text": tokenizer.apply_chat_template(example["messages"], tokenize=False)}

    train = [written(example) for example in job.examples(job.train)]
    valid = [written(example) for example in job.examples(job.valid)]
    progress = progress_callback()
    trainer = SFTTrainer(
        model=model,
        processing_class=tokenizer,
        args=SFTConfig(
            output_dir=str(job.directory / "checkpoints"),
            dataset_text_field="text",
            num_train_epochs=job.number("n_epochs", 3),
            per_device_train_batch_size=job.number("batch_size", 2),
            learning_rate=job.number("learning_rate", 2e-4),
            max_length=longest,
            seed=job.seed,
            logging_steps=1,
            eval_strategy="epoch" if valid else "no",
            save_strategy="no",
            report_to="none",
        ),
        train_dataset=Dataset.from_list(train),
        eval_dataset=Dataset.from_list(valid) if valid else None,
        callbacks=[progress],
    )
    told(trainer.train)
    model.save_pretrained(str(job.out))
    tokenizer.save_pretrained(str(job.out))
    job.name_base_model()
    job.finish(["unsloth", "trl", "peft", "transformers", "torch"], loss=progress.loss)


main()
