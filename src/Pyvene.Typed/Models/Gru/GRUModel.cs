using Pyvene.Typed.Checkpoints;
using Pyvene.Typed.Models.Layers;
using Pyvene.Typed.Native;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Gru;

/// <summary>Is pyvene's GRU without a head (its <c>GRUModel</c>): at every time step each layer's cell reads the state of the layer below.</summary>
/// <remarks>
/// Returns <see cref="ModelOutput.HiddenStates"/> with the top layer's state at every step, and <see cref="ModelOutput.LastHiddenState"/> behind the last step.
/// At a step that the mask calls padding the
/// state stays what it is, so that a padded row ends as the unpadded one does. Position embeddings are added only when position ids are given.
/// </remarks>
public sealed class GRUModel : PretrainedModel
{
    private readonly Layers.Embedding? wte;
    private readonly Layers.Embedding? wpe;
    private readonly Dropout dropout;
    private readonly ModuleList<GRUCell> cells;

    internal GRUModel(ModelConfig config, Device device)
        : base(nameof(GRUModel), config)
    {
        Settings = new GRUConfig(config);
        wte = Settings.HasEmbedding ? new Layers.Embedding(Settings.VocabSize, Settings.Width, device) : null;
        wpe = Settings.HasEmbedding ? new Layers.Embedding(Settings.PositionCount, Settings.Width, device) : null;
        dropout = nn.Dropout(Settings.Dropout);
        cells = nn.ModuleList([.. Enumerable.Range(0, Settings.LayerCount).Select(_ => new GRUCell(Settings, config, device))]);
        RegisterComponents();
    }

    /// <summary>Gets the checked configuration.</summary>
    public GRUConfig Settings { get; }

    /// <summary>Gets whether padding behind a row's last token is read, as pyvene's classifier does, whose scores do not depend on it.</summary>
    internal bool ReadsBehindEnd { get; init; }

    /// <inheritdoc/>
    internal override CheckpointLayout CheckpointLayout { get; } = new() { BasePrefix = "gru.", IsBare = true };

    /// <summary>Runs the model. Call it as <c>call(inputs)</c>: <c>forward</c> runs no hook of the model itself.</summary>
    /// <param name="inputs">The arguments.</param>
    /// <returns>The output; its tensors belong to the current dispose scope, else to the caller.</returns>
    /// <exception cref="ArgumentException">An argument has the wrong shape, dtype or range.</exception>
    public override ModelOutput forward(ModelInputs inputs)
    {
        using var scope = NewDisposeScope();
        var states = Run(inputs); // [batch, position, dModel]
        return scope.HandOut(new ModelOutput { HiddenStates = [states], LastHiddenState = states.select(1, states.shape[1] - 1) });
    }

    /// <inheritdoc/>
    internal override void CheckArguments(ModelInputs inputs)
    {
        VectorInputs.Check(inputs, wte, wpe, Settings.Width, takesMask: true);
        long[] shape = [cells.Count, inputs.Leading!.shape[0], Settings.Width];
        if (inputs.InitialState is { } given && !given.shape.SequenceEqual(shape))
        {
            throw new ArgumentException($"InitialState must have the shape [{string.Join(", ", shape)}] (layer, batch, dModel), but has [{string.Join(", ", given.shape)}].", nameof(inputs));
        }
    }

    /// <summary>Returns the top layer's state at every step, in the current dispose scope: [batch, position, dModel].</summary>
    /// <exception cref="ArgumentException">An argument has the wrong shape, dtype or range.</exception>
    internal Tensor Run(ModelInputs inputs)
    {
        CheckArguments(inputs);
        using var scope = NewDisposeScope();
        var vectors = dropout.call(VectorInputs.Embed(inputs, wte, wpe)); // [batch, position, dModel]
        var states = Initial(inputs.InitialState, vectors);
        var reads = inputs.AttentionMask is { } mask ? Reads(mask) : null; // [batch, position]
        var top = new List<Tensor>();
        for (var step = 0; step < vectors.shape[1]; step++)
        {
            var input = vectors.select(1, step); // [batch, dModel]
            var isRead = reads?.narrow(1, step, 1); // [batch, 1]
            for (var layer = 0; layer < cells.Count; layer++)
            {
                var next = cells[layer].call(input, states[layer]); // [batch, dModel]
                states[layer] = input = isRead is null ? next : next.where(isRead, states[layer]); // [batch, dModel]
            }

            top.Add(input);
        }

        return scope.HandOut(stack(top, 1)); // [batch, position, dModel]
    }

    /// <summary>Returns at which steps a row's state moves: bool [batch, position].</summary>
    private Tensor Reads(Tensor mask)
    {
        var isReal = mask.ne(Scalars.Of(0));
        return ReadsBehindEnd ? isReal.bitwise_or(isReal.to(ScalarType.Int64).flip(1).cumsum(1).flip(1).eq(Scalars.Of(0))) : isReal;
    }

    private Tensor[] Initial(Tensor? given, Tensor vectors)
    {
        var states = given ?? zeros([cells.Count, vectors.shape[0], Settings.Width], vectors.dtype, vectors.device); // [layer, batch, dModel]
        return [.. Enumerable.Range(0, cells.Count).Select(layer => states.select(0, layer))]; // layer × [batch, dModel]
    }
}
