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
/// when position ids are given. A layer is a block: no layer reads one above it, so that each runs over all steps before the next one begins.
/// </remarks>
internal sealed class GRUModel : BlockwiseModel
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

    public override IReadOnlyList<string> BlockPaths => PathsIn("cells", cells.Count);

    public override IReadOnlyList<string> BeginPaths { get; } = ["wte", "wpe", "dropout"];

    internal override CheckpointLayout CheckpointLayout { get; } = new() { BasePrefix = "gru.", IsBare = true };

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

    public override BlockwisePass Begin(ModelInputs inputs)
    {
        CheckArguments(inputs);
        using var scope = NewDisposeScope();
        var vectors = scope.HandOut(dropout.call(VectorInputs.Embed(inputs, wte, wpe))); // [batch, position, dModel]
        return new GRUPass(inputs, vectors, inputs.AttentionMask is { } mask ? scope.HandOut(Reads(mask)) : null);
    }

    public override void RunBlock(BlockwisePass pass, int block)
    {
        var reads = BlockwisePass.Of<GRUPass>(pass).Reads; // [row, position]
        using var scope = NewDisposeScope();
        var below = pass.Hidden; // [row, position, dModel]
        var state = pass.Inputs.InitialState?.select(0, block) ?? zeros([below.shape[0], Settings.Width], below.dtype, below.device); // [row, dModel]
        var states = new List<Tensor>();
        for (var step = 0; step < below.shape[1]; step++)
        {
            var next = cells[block].call(below.select(1, step), state); // [row, dModel]
            state = reads is null ? next : next.where(reads.narrow(1, step, 1), state); // [row, dModel]
            states.Add(state);
        }

        pass.Hidden = scope.HandOut(stack(states, 1)); // [row, position, dModel]
    }

    public override ModelOutput Finish(BlockwisePass pass) => new() { HiddenStates = [pass.Hidden.alias()], LastHiddenState = Last(pass) };

    /// <summary>Returns the state behind the last step: [row, dModel].</summary>
    internal static Tensor Last(BlockwisePass pass) => pass.Hidden.select(1, pass.Hidden.shape[1] - 1);

    /// <summary>Returns at which steps a row's state moves: bool [batch, position].</summary>
    private Tensor Reads(Tensor mask)
    {
        var isReal = mask.ne(Scalars.Of(0));
        return ReadsBehindEnd ? isReal.bitwise_or(isReal.to(ScalarType.Int64).flip(1).cumsum(1).flip(1).eq(Scalars.Of(0))) : isReal;
    }
}

/// <summary>Is pyvene's GRU as a language model (its <c>GRULMHeadModel</c>): the top layer's state at every step gives a logit for every token.</summary>
/// <remarks>The head is a weight of its own. The loss is the mean cross entropy of the next token, labels of −100 left out.</remarks>
internal sealed class GRULMHeadModel : VectorHead
{
    private readonly Linear lm_head;

    internal GRULMHeadModel(ModelConfig config, Weights weights)
        : this(config, new GRUModel(config, weights), weights)
    {
    }

    private GRULMHeadModel(ModelConfig config, GRUModel gru, Weights weights)
        : base(nameof(GRULMHeadModel), config, nameof(gru), gru)
    {
        lm_head = new Linear(gru.Settings.Width, gru.Settings.VocabSize, hasBias: false, weights);
        RegisterComponents();
    }

    internal override bool SelectsLogits => true;

    internal override void CheckArguments(ModelInputs inputs)
    {
        base.CheckArguments(inputs);
        Losses.CheckTokenLabels(inputs, lm_head.weight.shape[0]);
    }

    public override ModelOutput Finish(BlockwisePass pass)
    {
        ArgumentNullException.ThrowIfNull(pass);
        using var scope = NewDisposeScope();
        var (inputs, states) = (pass.Inputs, pass.Hidden); // states: [row, position, dModel]
        var selected = inputs.Labels is null ? inputs.Logits.Select(states) : states; // [row, selected, dModel]
        var logits = selected is null ? null : lm_head.call(selected); // [row, selected, vocab]
        return scope.HandOut(new ModelOutput
        {
            Logits = inputs.Labels is null ? logits : inputs.Logits.Select(logits!),
            Loss = inputs.Labels is null ? null : Losses.NextToken(logits!, inputs.Labels),
            LastHiddenState = GRUModel.Last(pass),
            HiddenStates = inputs.OutputHiddenStates ? [states.alias()] : null,
        });
    }
}

/// <summary>Is pyvene's GRU as a classifier of sequences (its <c>GRUForClassification</c>): the top layer's last state scores every label.</summary>
/// <remarks>
/// With a mask it is the step of the last 1; the state stays what it is at padding before it. <see cref="ModelOutput.LastHiddenState"/> is pyvene's: behind the
/// last step, and with padding on the right that has been read too.
/// </remarks>
internal sealed class GRUForClassification : VectorHead
{
    private readonly VectorSettings settings;
    private readonly Linear score;

    internal GRUForClassification(ModelConfig config, Weights weights)
        : this(config, new GRUModel(config, weights) { ReadsBehindEnd = true }, weights)
    {
    }

    private GRUForClassification(ModelConfig config, GRUModel gru, Weights weights)
        : base(nameof(GRUForClassification), config, nameof(gru), gru)
    {
        settings = gru.Settings;
        score = new Linear(settings.Width, settings.LabelCount, hasBias: false, weights);
        RegisterComponents();
    }

    public override ModelOutput Finish(BlockwisePass pass)
    {
        ArgumentNullException.ThrowIfNull(pass);
        using var scope = NewDisposeScope();
        var (inputs, states, last) = (pass.Inputs, pass.Hidden, GRUModel.Last(pass)); // states: [row, position, dModel]; last: [row, dModel]
        var logits = score.call(End(states, last, inputs.AttentionMask)); // [row, label]
        return scope.HandOut(new ModelOutput
        {
            Logits = logits,
            Loss = inputs.Labels is { } labels ? Losses.Classification(logits, labels, settings.ProblemType) : null,
            LastHiddenState = last,
            HiddenStates = inputs.OutputHiddenStates ? [states.alias()] : null,
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

/// <summary>Is a forward pass of the GRU between two layers.</summary>
/// <param name="inputs">The arguments.</param>
/// <param name="hidden">What the next layer reads at every step: [row, position, dModel].</param>
/// <param name="reads">At which steps a row's state moves, bool [row, position]; <see langword="null"/> = at all.</param>
internal sealed class GRUPass(ModelInputs inputs, Tensor hidden, Tensor? reads) : BlockwisePass(inputs, hidden)
{
    /// <summary>Gets at which steps a row's state moves, bool [row, position]; <see langword="null"/> = at all.</summary>
    public Tensor? Reads { get; private set; } = reads;

    public override void SelectRows(Tensor rows)
    {
        Inputs = Inputs.SelectRows(rows);
        Hidden = Hidden.Rows(rows); // [new row, position, dModel]
        Reads = Reads?.Rows(rows); // [new row, position]
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
