using Pyvene.Typed.Models;
using Pyvene.Typed.Models.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Models;

public sealed class TapTests : IDisposable
{
    private readonly PretrainedModel model = TinyGpt2.Create();
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose()
    {
        scope.Dispose();
        model.Dispose();
    }

    [Fact]
    public void NobodyLooksByDefault() => Assert.False(Weights().IsTapped);

    [Fact]
    public void AForeignHookIsALook()
    {
        var tap = Weights();
        Tensor? seen = null;
        var hook = tap.register_forward_hook((_, input, _) => { seen = input.alias().DetachFromDisposeScope(); return null!; });

        Assert.True(tap.IsTapped);
        var output = model.call(new ModelInputs { InputIds = TinyGpt2.Tokens(2, 5), OutputAttentions = true });
        model.call(new ModelInputs { InputIds = TinyGpt2.Tokens(2, 5) });
        hook.remove();

        Assert.False(tap.IsTapped);
        Close.Equal(output.Attentions![1], seen!);
        Close.Equal(ones(2, 4, 5), seen!.sum(3), 1e-5);
        seen.Dispose();
    }

    [Fact]
    public void AnEngineHookIsALookOnlyWhileActive()
    {
        var tap = Weights();
        var calls = 0;
        tap.register_forward_hook((_, _, _) => { calls++; return null!; });
        tap.EngineHooks++;
        Assert.False(tap.IsTapped);

        model.call(new ModelInputs { InputIds = TinyGpt2.Tokens(1, 3) });
        Assert.Equal(0, calls);

        using (tap.Activate())
        {
            using var nested = tap.Activate();
            nested.Dispose();
            nested.Dispose();
            Assert.True(tap.IsTapped);
            model.call(new ModelInputs { InputIds = TinyGpt2.Tokens(1, 3) });
        }

        Assert.Equal(1, calls);
        Assert.False(tap.IsTapped);
    }

    [Fact]
    public void ReplacedWeightsAreUsed()
    {
        var inputs = new ModelInputs { InputIds = TinyGpt2.Tokens(1, 4) };
        var before = model.call(inputs).Logits!;
        Weights().register_forward_pre_hook((_, input) => zeros_like(input));

        var after = model.call(inputs).Logits!;

        Assert.False(before.allclose(after));
    }

    private Tap Weights() => (Tap)model.named_modules().Single(item => item.name == "transformer.h.1.attn.attn_dropout").module;
}
