using Pyvene.Typed.Native;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models;

/// <summary>Fills a model with the random weights that training starts from.</summary>
internal static class RandomWeights
{
    /// <summary>
    /// Fills matrices from a normal distribution of <c>initializer_range</c>, biases with 0 and norm weights with what makes them do nothing.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="seed">The seed; same seed, same weights.</param>
    public static void Fill(PretrainedModel model, long seed)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        var deviation = model.Config.Number("initializer_range");
        using var generator = new Generator((ulong)seed, CPU); // TorchSharp has none elsewhere; so a seed means the same weights on every device
        foreach (var (name, parameter) in model.named_parameters())
        {
            if (parameter.is_meta)
            {
                continue; // it has no values
            }

            if (model.InitialValue(name) is { } value)
            {
                parameter.copy_(value);
            }
            else if (model.Draws(name, parameter.dim()))
            {
                using var drawn = empty(parameter.shape, ScalarType.Float32, CPU).normal_(0, deviation * model.InitialScale(name), generator);
                parameter.copy_(drawn);
            }
            else
            {
                parameter.fill_(Scalars.Of(PretrainedModel.IsBias(name) ? 0 : model.InitialWeight));
            }
        }
    }
}
