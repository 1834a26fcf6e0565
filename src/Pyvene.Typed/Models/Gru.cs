using Pyvene.Typed.Checkpoints;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Models.Fields;
using Pyvene.Typed.Models.Layers;
using Pyvene.Typed.Native;
using TorchSharp.Modules;
using static Pyvene.Typed.Models.Fields.CommonFields;
using static Pyvene.Typed.Models.Fields.FieldRule;
using static TorchSharp.torch;
using Embedding = Pyvene.Typed.Models.Layers.Embedding;
using Linear = Pyvene.Typed.Models.Layers.Linear;

namespace Pyvene.Typed.Models;

/// <summary>Is one layer's cell of pyvene's GRU; it is called once a time step.</summary>
/// <remarks>
/// r = σ(x_r + h_r), z = σ(x_z + h_z), n = tanh(x_n + r ⊙ h_n), h' = z ⊙ h + (1 − z) ⊙ n, with x and h mapped to the three parts in this order.
/// </remarks>
internal sealed class GRUCell : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly Linear x2h;
    private readonly Linear h2h;
    private readonly nn.Module<Tensor, Tensor> reset_act;
    private readonly nn.Module<Tensor, Tensor> update_act;
    private readonly nn.Module<Tensor, Tensor> new_act;

    public GRUCell(VectorSettings settings, ModelConfig source, Weights weights)
        : base(nameof(GRUCell))
    {
        x2h = new Linear(settings.Width, 3 * settings.Width, settings.HasBias, weights);
        h2h = new Linear(settings.Width, 3 * settings.Width, settings.HasBias, weights);
        reset_act = Activations.Create("sigmoid", source);
        update_act = Activations.Create("sigmoid", source);
        new_act = Activations.Create("tanh", source);
        RegisterComponents();
    }

    /// <summary>Returns the state behind the step.</summary>
    /// <param name="input">The step's input: [row, dModel].</param>
    /// <param name="state">The state before the step: [row, dModel].</param>
    public override Tensor forward(Tensor input, Tensor state)
    {
        using var scope = NewDisposeScope();
        var x = x2h.call(input).chunk(3, -1); // 3 × [row, dModel]
        var h = h2h.call(state).chunk(3, -1); // 3 × [row, dModel]
        var reset = reset_act.call(x[0].add(h[0], Scalars.Of(1)));
        var update = update_act.call(x[1].add(h[1], Scalars.Of(1)));
        var candidate = new_act.call(x[2].add(reset.mul(h[2]), Scalars.Of(1)));
        return scope.HandOut(update.mul(state).add(update.neg().add(Scalars.Of(1), Scalars.Of(1)).mul(candidate), Scalars.Of(1))); // [row, dModel]
    }
}

/// <summary>Is pyvene's GRU without a head (its <c>GRUModel</c>): at every time step each layer's cell reads the state of the layer below.</summary>
/// <remarks>
/// Returns <see cref="ModelOutput.HiddenStates"/> with the top layer's state at every step, and <see cref="ModelOutput.LastHiddenState"/> behind the last step.
/// At a step that the mask calls padding the state stays what it is, so that a padded row ends as the unpadded one does. Position embeddings are added only
/// when position ids are given.
/// </remarks>
internal sealed class GRUModel : PretrainedModel
{
    private readonly Embedding? wte;
    private readonly Embedding? wpe;
    private readonly Dropout dropout;
    private readonly ModuleList<GRUCell> cells;

    internal GRUModel(ModelConfig config, Weights weights)
        : base(nameof(GRUModel), config)
    {
        Settings = new VectorSettings(config, "n_labels");
        wte = Settings.HasEmbedding ? new Embedding(Settings.VocabSize, Settings.Width, weights) : null;
        wpe = Settings.HasEmbedding ? new Embedding(Settings.PositionCount, Settings.Width, weights) : null;
        dropout = nn.Dropout(Settings.Dropout);
        cells = nn.ModuleList([.. Enumerable.Range(0, Settings.LayerCount).Select(_ => new GRUCell(Settings, config, weights))]);
        RegisterComponents();
    }

    /// <summary>Gets the checked configuration.</summary>
    public VectorSettings Settings { get; }

    /// <summary>Gets whether padding behind a row's last token is read, as pyvene's classifier does, whose scores do not depend on it.</summary>
    internal bool ReadsBehindEnd { get; init; }

    internal override CheckpointLayout CheckpointLayout { get; } = new() { BasePrefix = "gru.", IsBare = true };

    public override ModelOutput forward(ModelInputs inputs)
    {
        using var scope = NewDisposeScope();
        var states = Run(inputs); // [batch, position, dModel]
        return scope.HandOut(new ModelOutput { HiddenStates = [states], LastHiddenState = states.select(1, states.shape[1] - 1) });
    }

    internal override void CheckArguments(ModelInputs inputs)
    {
        VectorInputs.Check(inputs, wte, wpe, Settings.Width, takesMask: true);
        long[] shape = [cells.Count, inputs.Leading!.shape[0], Settings.Width];
        if (inputs.InitialState is { } given && !given.shape.SequenceEqual(shape))
        {
            throw new ArgumentException($"InitialState must have the shape [{string.Join(", ", shape)}] (layer, batch, dModel), but has "
                + $"[{string.Join(", ", given.shape)}].", nameof(inputs));
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

/// <summary>Is pyvene's GRU as a language model (its <c>GRULMHeadModel</c>): the top layer's state at every step gives a logit for every token.</summary>
/// <remarks>The head is a weight of its own. The loss is the mean cross entropy of the next token, labels of −100 left out.</remarks>
internal sealed class GRULMHeadModel : PretrainedModel
{
    private readonly GRUModel gru;
    private readonly Linear lm_head;

    internal GRULMHeadModel(ModelConfig config, Weights weights)
        : base(nameof(GRULMHeadModel), config)
    {
        gru = new GRUModel(config, weights);
        lm_head = new Linear(gru.Settings.Width, gru.Settings.VocabSize, hasBias: false, weights);
        RegisterComponents();
    }

    internal override CheckpointLayout CheckpointLayout { get; } = new() { BasePrefix = "gru." };

    internal override bool SelectsLogits => true;

    internal override void CheckArguments(ModelInputs inputs)
    {
        gru.CheckArguments(inputs);
        Losses.CheckTokenLabels(inputs, lm_head.weight.shape[0]);
    }

    public override ModelOutput forward(ModelInputs inputs)
    {
        using var scope = NewDisposeScope();
        var output = gru.call(inputs);
        var states = output.HiddenStates![0]; // [batch, position, dModel]
        var selected = inputs.Labels is null ? inputs.Logits.Select(states) : states; // [batch, selected, dModel]
        var logits = selected is null ? null : lm_head.call(selected); // [batch, selected, vocab]
        return scope.HandOut(new ModelOutput
        {
            Logits = inputs.Labels is null ? logits : inputs.Logits.Select(logits!),
            Loss = inputs.Labels is null ? null : Losses.NextToken(logits!, inputs.Labels),
            LastHiddenState = output.LastHiddenState,
            HiddenStates = inputs.OutputHiddenStates ? output.HiddenStates : null,
        });
    }
}

/// <summary>Is pyvene's GRU as a classifier of sequences (its <c>GRUForClassification</c>): the top layer's last state scores every label.</summary>
/// <remarks>
/// With a mask it is the step of the last 1; the state stays what it is at padding before it. <see cref="ModelOutput.LastHiddenState"/> is pyvene's: behind the
/// last step, and with padding on the right that has been read too.
/// </remarks>
internal sealed class GRUForClassification : PretrainedModel
{
    private readonly GRUModel gru;
    private readonly Linear score;

    internal GRUForClassification(ModelConfig config, Weights weights)
        : base(nameof(GRUForClassification), config)
    {
        gru = new GRUModel(config, weights) { ReadsBehindEnd = true };
        score = new Linear(gru.Settings.Width, gru.Settings.LabelCount, hasBias: false, weights);
        RegisterComponents();
    }

    internal override CheckpointLayout CheckpointLayout { get; } = new() { BasePrefix = "gru." };

    internal override void CheckArguments(ModelInputs inputs) => gru.CheckArguments(inputs);

    public override ModelOutput forward(ModelInputs inputs)
    {
        using var scope = NewDisposeScope();
        var output = gru.call(inputs);
        var end = End(output.HiddenStates![0], output.LastHiddenState!, inputs.AttentionMask); // [batch, dModel]
        var logits = score.call(end); // [batch, label]
        return scope.HandOut(new ModelOutput
        {
            Logits = logits,
            Loss = inputs.Labels is { } labels ? Losses.Classification(logits, labels, gru.Settings.ProblemType) : null,
            LastHiddenState = output.LastHiddenState,
            HiddenStates = inputs.OutputHiddenStates ? output.HiddenStates : null,
        });
    }

    private static Tensor End(Tensor states, Tensor last, Tensor? mask)
    {
        if (mask is null)
        {
            return last;
        }

        var numbers = arange(Scalars.Of(0), Scalars.Of(states.shape[1]), Scalars.Of(1), ScalarType.Int64, mask.device); // [position]
        var steps = mask.ne(Scalars.Of(0)).to(ScalarType.Int64).mul(numbers).argmax(1); // [batch]
        return states.gather(1, steps.view(-1, 1, 1).expand(-1, 1, states.shape[2])).squeeze(1); // [batch, dModel]
    }
}

/// <summary>Lists pyvene's GRU models.</summary>
internal static class GRUArchitecture
{
    private const string ModelType = "gru";

    /// <summary>Gets what the models make of the fields of a configuration.</summary>
    public static ConfigTable Fields { get; } =
        new([.. OfPyvene(ModelType), new("n_labels", Size(ArchitectureDescriptor.DefaultOf(ModelType, "n_labels"), MostLabels))]) { LayerField = "n_layer" };

    /// <summary>Returns the classes that can be built.</summary>
    public static IEnumerable<ModelClass> Classes() =>
    [
        new(nameof(GRUModel), ModelType, Fields, (config, weights) => new GRUModel(config, weights)),
        new(nameof(GRULMHeadModel), ModelType, Fields, (config, weights) => new GRULMHeadModel(config, weights)),
        new(nameof(GRUForClassification), ModelType, Fields, (config, weights) => new GRUForClassification(config, weights)),
    ];
}
