// Reproduces transformers 4.57.6, models/bert/modeling_bert.py, with eager attention's numbers.
using Pyvene.Typed.Models.Layers;
using Pyvene.Typed.Native;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Embedding = Pyvene.Typed.Models.Layers.Embedding;
using Linear = Pyvene.Typed.Models.Layers.Linear;
using Norm = Pyvene.Typed.Models.Layers.LayerNorm;

namespace Pyvene.Typed.Models;

/// <summary>Summarises a text by its first position.</summary>
internal sealed class BertPooler : nn.Module<Tensor, Tensor>
{
    private readonly Linear dense;

    public BertPooler(EncoderSettings settings, Weights weights)
        : base(nameof(BertPooler))
    {
        dense = new Linear(settings.Width, settings.Width, hasBias: true, weights);
        RegisterComponents();
    }

    /// <summary>Maps the residual stream [row, position, dModel] to [row, dModel].</summary>
    public override Tensor forward(Tensor hidden)
    {
        using var scope = NewDisposeScope();
        return scope.HandOut(dense.call(hidden.select(1, 0)).tanh()); // [row, dModel]
    }
}

/// <summary>Prepares the last residual stream for the map to logits.</summary>
internal sealed class BertPredictionHeadTransform : nn.Module<Tensor, Tensor>
{
    private readonly Linear dense;
    private readonly nn.Module<Tensor, Tensor> transform_act_fn;
    private readonly Norm LayerNorm;

    public BertPredictionHeadTransform(EncoderSettings settings, Weights weights)
        : base(nameof(BertPredictionHeadTransform))
    {
        dense = new Linear(settings.Width, settings.Width, hasBias: true, weights);
        transform_act_fn = Activations.Create(settings.Activation, settings.Source);
        LayerNorm = settings.CreateNorm(weights);
        RegisterComponents();
    }

    /// <summary>Maps [row, position, dModel] to the same shape.</summary>
    public override Tensor forward(Tensor hidden)
    {
        using var scope = NewDisposeScope();
        return scope.HandOut(LayerNorm.call(transform_act_fn.call(dense.call(hidden)))); // [row, position, dModel]
    }
}

/// <summary>
/// Is the masked-token head: a transform and the token embedding, or where the configuration unties it a weight of its own, as a map to logits, with a bias of
/// its own.
/// </summary>
internal sealed class BertLMPredictionHead : nn.Module<Tensor, Tensor>
{
    private readonly BertPredictionHeadTransform transform;
    private readonly nn.Module<Tensor, Tensor> decoder;
    private readonly Parameter bias; // [vocab]

    public BertLMPredictionHead(EncoderSettings settings, Embedding tokens, Weights weights)
        : base(nameof(BertLMPredictionHead))
    {
        transform = new BertPredictionHeadTransform(settings, weights);
        decoder = settings.Source.Flag("tie_word_embeddings")
            ? new TiedLinear(tokens)
            : new Linear(settings.Width, settings.VocabSize, hasBias: false, weights);
        bias = weights.Unfilled(settings.VocabSize);
        RegisterComponents();
    }

    /// <summary>Maps the last residual stream [row, position, dModel] to logits [row, position, vocab].</summary>
    public override Tensor forward(Tensor hidden)
    {
        using var scope = NewDisposeScope();
        return scope.HandOut(decoder.call(transform.call(hidden)).add(bias, Scalars.Of(1))); // [row, position, vocab]
    }
}

/// <summary>Holds the masked-token head under Hugging Face's name.</summary>
internal sealed class BertOnlyMLMHead : nn.Module<Tensor, Tensor>
{
    private readonly BertLMPredictionHead predictions;

    public BertOnlyMLMHead(EncoderSettings settings, Embedding tokens, Weights weights)
        : base(nameof(BertOnlyMLMHead))
    {
        predictions = new BertLMPredictionHead(settings, tokens, weights);
        RegisterComponents();
    }

    /// <summary>Maps the last residual stream [row, position, dModel] to logits [row, position, vocab].</summary>
    public override Tensor forward(Tensor hidden) => predictions.call(hidden);
}

/// <summary>Is BERT that fills in masked tokens: Hugging Face's <c>BertForMaskedLM</c>.</summary>
internal sealed class BertForMaskedLM : HeadedModel
{
    private readonly Func<Tensor, Tensor> head;

    public BertForMaskedLM(ModelConfig config, Weights weights)
        : this(BertArchitecture.CreateBody(config, weights, hasPooler: false), weights)
    {
    }

    private BertForMaskedLM(Encoder body, Weights weights)
        : base(nameof(BertForMaskedLM), body, "bert")
    {
        var cls = new BertOnlyMLMHead(body.Settings, body.Tokens, weights);
        register_module("cls", cls);
        head = cls.call;
    }

    internal override bool SelectsLogits => true;

    internal override void CheckArguments(ModelInputs inputs)
    {
        base.CheckArguments(inputs);
        Losses.CheckTokenLabels(inputs, Body.VocabSize);
    }

    private protected override ModelOutput Finish(TransformerPass pass)
    {
        var last = Body.Normalize(pass.Hidden); // [row, position, dModel]
        // [row, selected, vocab]
        var logits = pass.Inputs.Labels is null ? pass.Inputs.Logits.Select(last) is { } selected ? head(selected) : null : head(last);
        return pass.Inputs.Labels is not { } labels ? TransformerBody.Output(pass, last, new ModelOutput { Logits = logits })
            : TransformerBody.Output(pass, last, new ModelOutput { Logits = pass.Inputs.Logits.Select(logits!), Loss = Losses.EachToken(logits!, labels) });
    }
}

/// <summary>Is BERT as a classifier of texts: Hugging Face's <c>BertForSequenceClassification</c>.</summary>
internal sealed class BertForSequenceClassification : HeadedModel
{
    private readonly Func<Tensor, Tensor> classify;

    public BertForSequenceClassification(ModelConfig config, Weights weights)
        : this(BertArchitecture.CreateBody(config, weights, hasPooler: true), weights)
    {
    }

    private BertForSequenceClassification(Encoder body, Weights weights)
        : base(nameof(BertForSequenceClassification), body, "bert")
    {
        var dropout = nn.Dropout(Config.GetNumber("classifier_dropout") ?? body.Settings.HiddenDropout);
        var classifier = new Linear(body.Width, Config.LabelCount, hasBias: true, weights);
        register_module("dropout", dropout);
        register_module("classifier", classifier);
        classify = hidden => classifier.call(dropout.call(body.Pool(hidden)));
    }

    private protected override ModelOutput Finish(TransformerPass pass)
    {
        var last = Body.Normalize(pass.Hidden); // [row, position, dModel]
        var logits = classify(last); // [row, label]
        var loss = pass.Inputs.Labels is { } labels ? Losses.Classification(logits, labels, Config.GetString("problem_type")) : null;
        return TransformerBody.Output(pass, last, new ModelOutput { Logits = logits, Loss = loss });
    }
}
