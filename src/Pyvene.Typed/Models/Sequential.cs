using System.Globalization;
using System.Text.Json;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Models.Fields;
using Pyvene.Typed.Models.Layers;
using static Pyvene.Typed.Models.Fields.FieldRule;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models;

/// <summary>Builds the layers that a <c>sequential</c> configuration lists, such as <c>["linear", 5, 8]</c> or <c>["tanh"]</c>.</summary>
internal static class LayerList
{
    private const int Most = 10_000;

    /// <summary>Builds the layers of a configuration, in order.</summary>
    /// <param name="config">The configuration; <c>layers</c> is a list of lists, each a kind and its sizes.</param>
    /// <param name="weights">Where and in which dtype the parameters are made.</param>
    /// <exception cref="CheckpointException">There is no list of layers, or one cannot be read.</exception>
    public static IReadOnlyList<nn.Module<Tensor, Tensor>> Build(ModelConfig config, Weights weights)
    {
        var layers = config.GetElement("layers") is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().ToArray() : [];
        return layers.Length is > 0 and <= Most
            ? [.. layers.Select(layer => Build(layer, config, weights))]
            : throw new CheckpointException(config.Origin, $"'layers' must be a list of 1 to {Most} layers, such as [[\"linear\", 5, 8], [\"tanh\"]].");
    }

    private static nn.Module<Tensor, Tensor> Build(JsonElement layer, ModelConfig config, Weights weights)
    {
        var parts = layer.ValueKind == JsonValueKind.Array ? layer.EnumerateArray().ToArray() : [];
        var kind = parts.Length > 0 && parts[0].ValueKind == JsonValueKind.String ? parts[0].GetString()! : "";
        return (kind, parts.Length) switch
        {
            ("linear", 3) => new Linear(Size(1), Size(2), hasBias: true, weights),
            ("layer_norm", 2) => new LayerNorm(Size(1), 1e-5, weights),
            ("embedding", 3) => new Embedding(Size(1), Size(2), weights),
            (not ("" or "linear" or "layer_norm" or "embedding"), 1) => Activations.Create(kind, config),
            _ => throw Wrong(),
        };

        long Size(int index) =>
            parts[index].ValueKind == JsonValueKind.Number && parts[index].TryGetInt64(out var size) && size is > 0 and <= int.MaxValue ? size : throw Wrong();

        CheckpointException Wrong() => new(
            config.Origin,
            $"The layer {layer.GetRawText()} cannot be read; known are [\"linear\", in, out], [\"layer_norm\", width], [\"embedding\", count, width] and "
                + "activation functions such as [\"gelu\"].");
    }
}

/// <summary>
/// Is a row of layers that its configuration lists, each called with what the one before returned; its modules are named <c>0</c>, <c>1</c> … as in
/// PyTorch's <c>Sequential</c>.
/// </summary>
/// <remarks>
/// It is called with one tensor, <see cref="ModelInputs.Arguments"/>, of the shape that its first layer takes, and returns one,
/// <see cref="ModelOutput.Values"/>.
/// </remarks>
internal sealed class SequentialModel : PretrainedModel
{
    /// <summary>The name that configurations have for this class.</summary>
    internal const string ClassName = "Sequential";

    private readonly IReadOnlyList<nn.Module<Tensor, Tensor>> layers;

    internal SequentialModel(ModelConfig config, Weights weights)
        : base(ClassName, config)
    {
        layers = LayerList.Build(config, weights);
        RegisterComponents();
        for (var index = 0; index < layers.Count; index++)
        {
            register_module(index.ToString(CultureInfo.InvariantCulture), layers[index]);
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

/// <summary>Lists the model that is a row of layers.</summary>
internal static class SequentialArchitecture
{
    private const string ModelType = "sequential";

    private static readonly ConfigTable Fields = new([new("layers", List())]);

    /// <summary>Returns the classes that can be built.</summary>
    public static IEnumerable<ModelClass> Classes() =>
    [
        new(SequentialModel.ClassName, ModelType, Fields, (config, weights) => new SequentialModel(config, weights)),
    ];
}
