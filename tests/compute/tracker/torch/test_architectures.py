"""Equal to FlopCounterMode where that is right, and different where it is not, for a stated reason.

FlopCounterMode of PyTorch 2.13 counts as zero: fused attention on CPUs, grouped products of
experts, recurrent layers. It counts the gradient of weights of a grouped convolution as many times
as there are groups.
"""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")
nn, F = torch.nn, torch.nn.functional
IDS = (2, 16)
TEXT = {"vocab_size": 96}


def _hugging_face(kind: str, *, attention: str = "eager", **settings):
    transformers = pytest.importorskip("transformers")
    config_class, model_class = {  # config objects and random weights: nothing is downloaded
        "gpt2": ("GPT2Config", "GPT2LMHeadModel"),
        "llama": ("LlamaConfig", "LlamaForCausalLM"),
        "mixtral": ("MixtralConfig", "MixtralForCausalLM"),
        "t5": ("T5Config", "T5ForConditionalGeneration"),
        "bert": ("BertConfig", "BertForMaskedLM"),
        "vit": ("ViTConfig", "ViTForImageClassification"),
        "resnet": ("ResNetConfig", "ResNetForImageClassification"),
        "mamba": ("MambaConfig", "MambaForCausalLM"),
    }[kind]
    config = getattr(transformers, config_class)(**settings)
    model = getattr(transformers, model_class)._from_config(config, attn_implementation=attention)
    return model.train()


def _text(model):
    ids = torch.randint(0, 96, IDS)

    def step() -> None:
        model(input_ids=ids, labels=ids).loss.backward()

    return step


def _images(model, size: int = 32):
    images, labels = torch.randn(2, 3, size, size), torch.tensor([0, 1])

    def step() -> None:
        model(pixel_values=images, labels=labels).loss.backward()

    return step


class _Patches(nn.Module):
    """A diffusion transformer's block: attention and modulation by the step of the noise."""

    def __init__(self) -> None:
        super().__init__()
        self.patches = nn.Conv2d(4, 32, 2, stride=2)
        self.time = nn.Linear(16, 64)
        self.attention = nn.MultiheadAttention(32, 4, batch_first=True)
        self.out = nn.Linear(32, 16)

    def forward(self, image, time):
        x = self.patches(image).flatten(2).transpose(1, 2)
        scale, shift = self.time(time)[:, None].chunk(2, dim=-1)
        x = x * scale + shift
        return self.out(x + self.attention(x, x, x)[0])


class _UNet(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.down = nn.Conv2d(3, 8, 3, stride=2, padding=1)
        self.middle = nn.Conv2d(8, 8, 3, padding=1)
        self.up = nn.ConvTranspose2d(16, 3, 4, stride=2, padding=1)

    def forward(self, image):
        below = F.silu(self.down(image))
        return self.up(torch.cat([below, F.silu(self.middle(below))], dim=1))


def _perceptron():
    model = nn.Sequential(nn.Linear(8, 32), nn.GELU(), nn.LayerNorm(32), nn.Linear(32, 8))
    x = torch.randn(5, 8)
    return model, lambda: model(x).square().mean().backward()


def _diffusion():
    model, image, time = _Patches(), torch.randn(2, 4, 8, 8), torch.randn(2, 16)
    return model, lambda: model(image, time).square().mean().backward()


def _unet():
    model, image = _UNet(), torch.randn(2, 3, 16, 16)
    return model, lambda: model(image).square().mean().backward()


def _gpt2():
    model = _hugging_face("gpt2", n_embd=32, n_layer=2, n_head=4, **TEXT)
    return model, _text(model)


def _llama():
    model = _hugging_face(
        "llama",
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        **TEXT,
    )
    return model, _text(model)


def _mixtral(experts: str, attention: str = "eager"):
    model = _hugging_face(
        "mixtral",
        attention=attention,
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        num_local_experts=4,
        **TEXT,
    )
    model.set_experts_implementation(experts)
    return model, _text(model)


def _t5():
    model = _hugging_face(
        "t5",
        d_model=32,
        d_ff=64,
        d_kv=8,
        num_layers=2,
        num_heads=4,
        decoder_start_token_id=0,
        **TEXT,
    )
    return model, _text(model)


def _bert():
    model = _hugging_face(
        "bert",
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        **TEXT,
    )
    return model, _text(model)


def _vit():
    model = _hugging_face(
        "vit",
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        image_size=32,
        patch_size=8,
    )
    return model, _images(model)


def _resnet():
    model = _hugging_face(
        "resnet", embedding_size=8, hidden_sizes=[8, 16], depths=[1, 1], attention=None
    )
    return model, _images(model)


def _mamba():
    model = _hugging_face(
        "mamba", hidden_size=16, state_size=4, num_hidden_layers=1, attention=None, **TEXT
    )
    return model, _text(model)


EQUAL = {
    "gpt2": _gpt2,
    "llama": _llama,
    "mixtral, a loop over experts": lambda: _mixtral("eager"),
    "t5": _t5,
    "bert": _bert,
    "vit": _vit,
    "resnet": _resnet,
    "diffusion transformer": _diffusion,
    "u-net": _unet,
    "perceptron": _perceptron,
}


@pytest.mark.parametrize("architecture", EQUAL)
def test_equal_to_flop_counter_mode(architecture, tracked, flops) -> None:
    model, step = EQUAL[architecture]()
    expected = flops(step)
    with tracked(model) as tracker:
        for _ in range(3):
            step()
    assert expected > 0
    assert [count.executed.best for count in tracker.ledger.counts("")] == [expected] * 3
    assert [count.model.best for count in tracker.ledger.counts("")] == [expected] * 3
    assert not tracker.ledger.counts("")[0].uncounted
    assert sum(tracker.ledger.counts("")[0].by_kernel.values()) == expected


def test_fused_attention_is_counted_where_flop_counter_mode_counts_nothing(tracked, flops) -> None:
    batch, heads, length, size = 2, 4, 16, 8
    q, k, v = (torch.randn(batch, heads, length, size, requires_grad=True) for _ in range(3))

    class Attention(nn.Module):
        def forward(self, causal):
            return F.scaled_dot_product_attention(q, k, v, is_causal=causal)

    model, product = Attention(), 2 * batch * heads * length * length * size
    assert flops(lambda: model(True).sum().backward()) == 0  # PyTorch 2.13, on a CPU
    with tracked(model) as tracker:
        model(True).sum().backward()
        model(False).sum().backward()
    causal, full = tracker.ledger.counts()
    for count in (causal, full):
        assert count.executed.best == count.executed.high == 7 * product  # 2 forward, 5 backward
        assert count.model.best == count.model.high == 6 * product  # scores again: executed only
        assert any("executed operations only" in note for note in count.notes)
    assert (full.executed.low, full.model.low) == (7 * product, 6 * product)
    assert (causal.executed.low, causal.model.low) == (7 * product // 2, 3 * product)
    assert any("causal" in note for note in causal.notes)
    assert not any("causal" in note for note in full.notes)


def test_attention_with_a_mask_may_be_causal(tracked) -> None:
    q = torch.randn(1, 2, 8, 4, requires_grad=True)
    mask = torch.ones(8, 8).tril().bool()

    class Attention(nn.Module):
        def forward(self):
            return F.scaled_dot_product_attention(q, q, q, attn_mask=mask)

    model = Attention()
    with tracked(model) as tracker:
        model().sum().backward()
    (count,) = tracker.ledger.counts()
    product = 2 * 2 * 8 * 8 * 4
    assert (count.model.low, count.model.best) == (3 * product, 6 * product)
    assert count.executed.low == count.executed.best == 7 * product  # a mask skips nothing


@pytest.mark.parametrize("attention", ["eager", "sdpa"])
def test_the_way_attention_is_computed_does_not_change_the_model_operations(
    attention, tracked
) -> None:
    model = _hugging_face("gpt2", attention=attention, n_embd=32, n_layer=2, n_head=4, **TEXT)
    step = _text(model)
    with tracked(model) as tracker:
        step()
    tokens, h, layers = 2 * 16, 32, 2
    maps = 2 * tokens * (layers * 12 * h * h + 96 * h)
    core = layers * 2 * 2 * tokens * 16 * h
    assert tracker.ledger.model() == 3 * (maps + core)


@pytest.mark.parametrize("experts", ["eager", "batched_mm", "grouped_mm"])
def test_routed_tokens_are_counted_whatever_multiplies_them(experts, tracked, flops) -> None:
    model, step = _mixtral(experts)
    with tracked(model) as tracker:
        for _ in range(4):
            step()
    tokens, h, f, layers, heads_wide, kept = 2 * 16, 32, 64, 2, 32, 16
    maps = tokens * (2 * h * heads_wide * 2 + 2 * 2 * h * kept + 2 * h * 4 + 2 * 3 * 2 * h * f)
    core = 2 * 2 * tokens * 16 * heads_wide
    expected = 3 * (layers * (maps + core) + 2 * tokens * h * 96)
    assert [count.executed.best for count in tracker.ledger.counts("")] == [expected] * 4
    if experts == "grouped_mm":
        assert flops(step) < expected  # the experts count as zero there
    else:
        assert flops(step) == expected


def test_a_grouped_convolution_is_not_counted_once_for_each_group(tracked, flops) -> None:
    groups, x = 8, torch.randn(2, 8, 10, requires_grad=True)
    model = nn.Conv1d(8, 8, 3, padding=1, groups=groups)
    once = 2 * 2 * 10 * 8 * 3
    with tracked(model) as tracker:
        model(x).sum().backward()
    assert tracker.ledger.executed() == 3 * once
    assert flops(lambda: model(x).sum().backward()) == (2 + groups) * once


def test_mamba_differs_by_its_grouped_convolution_only(tracked, flops) -> None:
    model, step = _mamba()
    with tracked(model) as tracker:
        step()
    channels, taps, positions = 2 * 16, 4, 16 + 3
    once = 2 * 2 * positions * channels * taps
    assert tracker.ledger.executed() == flops(step) - (channels - 1) * once


@pytest.mark.parametrize(("kind", "gates"), [("LSTM", 4), ("GRU", 3)])
def test_recurrent_layers_are_counted(kind, gates, tracked) -> None:
    model, x = getattr(nn, kind)(8, 16), torch.randn(5, 2, 8, requires_grad=True)
    with tracked(model) as tracker:
        model(x)[0].sum().backward()
    forward = 2 * 5 * 2 * gates * 16 * (8 + 16)
    assert tracker.ledger.executed() == pytest.approx(3 * forward, rel=0.05)  # the first state is 0
    assert not tracker.ledger.counts()[0].uncounted
