"""Frozen parameters and adapters: the gradient of weights is taken of what is trained only."""

from __future__ import annotations

import json

import pytest

torch = pytest.importorskip("torch")
nn = torch.nn


def test_frozen_layers_have_no_gradient_of_weights(small, tracked) -> None:
    model = small.model
    model[0].requires_grad_(False)
    second = small.row - small.first
    with tracked(model) as tracker:
        model(torch.randn(5, 8)).sum().backward()
        assert tracker.ledger.facts["trained_parameters_on_rank"] == str(16 * 4 + 4)
    assert tracker.ledger.executed() == 5 * (small.row + second)  # nothing reaches the first layer


def test_thawing_on_the_way_is_another_step(small, tracked) -> None:
    model = small.model
    model[0].requires_grad_(False)
    with tracked(model) as tracker:
        for _ in range(3):
            model(torch.randn(5, 8)).sum().backward()
        model[0].requires_grad_(True)
        for _ in range(2):
            model(torch.randn(5, 8)).sum().backward()
    assert list(tracker.ledger.steps.values()) == [3, 2]
    assert tracker.ledger.counts()[-1].executed.best == 5 * (3 * small.row - small.first)


def test_adapters_agree_with_the_closed_form(tracked, tmp_path) -> None:
    """Exactly, but for the gradient of the first layer's input, which nobody needs."""
    transformers = pytest.importorskip("transformers")
    peft = pytest.importorskip("peft")
    from declarant.compute.architecture import adapter_parameters, estimate, read_configuration

    h, f, layers, vocabulary, length, batch, rank = 64, 128, 3, 96, 16, 2, 4
    config = transformers.LlamaConfig(
        hidden_size=h,
        intermediate_size=f,
        num_hidden_layers=layers,
        num_attention_heads=4,
        num_key_value_heads=2,
        vocab_size=vocabulary,
        max_position_embeddings=length,
        tie_word_embeddings=False,
    )
    model = transformers.LlamaForCausalLM._from_config(config, attn_implementation="eager")
    model = peft.get_peft_model(
        model.train(),
        peft.LoraConfig(
            r=rank, target_modules=["q_proj", "k_proj", "v_proj", "o_proj"], lora_dropout=0.0
        ),
    )
    ids = torch.randint(0, vocabulary, (batch, length))
    with tracked(model) as tracker:
        for _ in range(2):
            model(input_ids=ids, labels=ids).loss.backward()

    file = tmp_path / "config.json"
    file.write_text(json.dumps(config.to_dict()))
    architecture = read_configuration(file)
    trained = adapter_parameters(architecture, rank)
    assert tracker.ledger.facts["trained_parameters_on_rank"] == str(trained)
    tokens = batch * length
    closed = estimate(
        architecture, tokens, sequence_length=length, trained_parameters=trained
    ).model_operations
    core = 3 * layers * 2 * 2 * tokens * length * h
    in_full = closed.best + core // 2
    unneeded = tokens * 2 * (2 * h * h)  # to the embeddings through q, k and v ...
    unneeded += tokens * 2 * 3 * rank * h  # ... and through their adapters
    (count, _) = tracker.ledger.counts()
    assert count.model.best == in_full - unneeded
    assert closed.low <= count.model.best <= closed.high
    assert count.tokens == tokens
    assert count.samples == batch


def test_the_closed_form_of_a_whole_model_is_met(tracked, tmp_path) -> None:
    transformers = pytest.importorskip("transformers")
    from declarant.compute.architecture import estimate, read_configuration

    config = transformers.LlamaConfig(
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        vocab_size=96,
    )
    model = transformers.LlamaForCausalLM._from_config(config, attn_implementation="sdpa").train()
    ids = torch.randint(0, 96, (2, 16))
    with tracked(model) as tracker:
        model(input_ids=ids, labels=ids).loss.backward()
    file = tmp_path / "config.json"
    file.write_text(json.dumps(config.to_dict()))
    closed = estimate(read_configuration(file), 32, sequence_length=16).model_operations
    (count,) = tracker.ledger.counts()
    assert count.model.low == closed.best  # a fused kernel says that it is causal: half the core
    assert count.model.best == closed.best + 3 * 2 * 2 * 2 * 32 * 16 * 32 // 2
