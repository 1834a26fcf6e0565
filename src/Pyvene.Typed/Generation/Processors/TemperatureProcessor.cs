using Pyvene.Typed.Native;
using static TorchSharp.torch;

namespace Pyvene.Typed.Generation.Processors;

/// <summary>Divides the scores by a temperature: below 1 the likely tokens gain, above 1 the unlikely ones do.</summary>
/// <remarks>Reproduces <c>TemperatureLogitsWarper</c> of transformers 4.57.6.</remarks>
/// <param name="temperature">The temperature, above 0.</param>
/// <exception cref="ArgumentOutOfRangeException">The temperature is not a finite number above 0.</exception>
internal sealed class TemperatureProcessor(double temperature) : LogitsProcessor
{
    private readonly double temperature = SettingCheck.Factor(temperature, setting: nameof(temperature));

    /// <inheritdoc/>
    protected override Tensor Process(Tensor tokens, Tensor scores) => scores / Scalars.Of(temperature);
}
