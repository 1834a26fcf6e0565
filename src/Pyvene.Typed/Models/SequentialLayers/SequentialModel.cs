using static TorchSharp.torch;

namespace Pyvene.Typed.Models.SequentialLayers;

/// <summary>Is a row of layers that its configuration lists, each called with what the one before returned; its modules are named <c>0</c>, <c>1</c> … as in PyTorch's <c>Sequential</c>.</summary>
/// <remarks>It is called with one tensor, <see cref="ModelInputs.Arguments"/>, of the shape that its first layer takes, and returns one, <see cref="ModelOutput.Values"/>.</remarks>
public sealed class SequentialModel : PretrainedModel
{
    /// <summary>The name that configurations have for this class.</summary>
    internal const string ClassName = "Sequential";

    private readonly IReadOnlyList<nn.Module<Tensor, Tensor>> layers;

    internal SequentialModel(ModelConfig config, Device device)
        : base(ClassName, config)
    {
        layers = LayerList.Build(config, device);
        RegisterComponents();
        for (var index = 0; index < layers.Count; index++)
        {
            register_module(index.ToString(System.Globalization.CultureInfo.InvariantCulture), layers[index]);
        }
    }

    /// <summary>Runs the layers. Call it as <c>call(inputs)</c>: <c>forward</c> runs no hook of the model itself.</summary>
    /// <param name="inputs">One tensor in <see cref="ModelInputs.Arguments"/>: [batch, …, in].</param>
    /// <returns>One tensor in <see cref="ModelOutput.Values"/>, [batch, …, out]; it belongs to the current dispose scope, else to the caller.</returns>
    /// <exception cref="ArgumentException">Not exactly one tensor is given.</exception>
    public override ModelOutput forward(ModelInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (inputs.Arguments is not [var input])
        {
            throw new ArgumentException($"A row of layers takes one tensor, in Arguments, but {inputs.Arguments?.Count ?? 0} were given.", nameof(inputs));
        }

        if (inputs.AttentionMask is not null)
        {
            throw new ArgumentException("A row of layers takes no AttentionMask; leave it out.", nameof(inputs));
        }

        using var scope = NewDisposeScope();
        return scope.HandOut(new ModelOutput { Values = [layers.Aggregate(input, (value, layer) => layer.call(value))] });
    }
}
