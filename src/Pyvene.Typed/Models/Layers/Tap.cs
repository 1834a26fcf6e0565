using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Layers;

/// <summary>
/// Is a place in a model whose value is computed only when somebody looks: attention weights, which the fused attention never writes down. It
/// passes its input on, with dropout in training.
/// </summary>
/// <remarks>
/// A hook that is registered on it with TorchSharp's own methods counts as a look; the hooks of the engine count only during a run that uses them.
/// Not thread-safe, as modules are not.
/// </remarks>
public sealed class Tap : nn.Module<Tensor, Tensor>
{
    private readonly double dropProbability;
    private int active;

    /// <summary>Initialises the place.</summary>
    /// <param name="dropProbability">The probability, 0 to 1, that an element is dropped in training.</param>
    internal Tap(double dropProbability)
        : base(nameof(Tap))
    {
        this.dropProbability = dropProbability;
        RegisterComponents();
    }

    /// <summary>Gets whether somebody looks, so that the model has to compute the value and call this module.</summary>
    public bool IsTapped => active > 0 || pre_hooks.Count + post_hooks.Count + module_pre_hooks.Count + module_post_hooks.Count > EngineHooks;

    /// <summary>Gets or sets how many hooks the engine has registered on this module; they count as a look only while it is active.</summary>
    internal int EngineHooks { get; set; }

    /// <summary>Gets the probability that fused attention has to drop an attention weight with: 0 outside of training.</summary>
    internal double DropProbability => training ? dropProbability : 0;

    /// <summary>Makes the model compute the value until the returned object is disposed; may be nested.</summary>
    public IDisposable Activate()
    {
        active++;
        return new Activation(this);
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => DropProbability > 0 ? nn.functional.dropout(input, DropProbability, training: true) : input.alias();

    private sealed class Activation(Tap tap) : IDisposable
    {
        private Tap? tap = tap;

        public void Dispose()
        {
            if (tap is not null)
            {
                tap.active--;
                tap = null;
            }
        }
    }
}
