using System.Text.Json;
using Pyvene.Typed.Models.Layers;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models;

/// <summary>Is the base of classifiers on a decoder: scores of the last real token, which is the only one that has seen the whole text.</summary>
/// <remarks>
/// The last real token is the last id that is not <c>pad_token_id</c>, whatever the mask says; without ids or without <c>pad_token_id</c> it is the
/// last position.
/// </remarks>
public abstract class SequenceClassifier : BlockwiseModel
{
    private const long MostLabels = 1_000_000;

    private readonly long? padToken;
    private readonly string? problemType;

    private protected SequenceClassifier(string name, ModelConfig config)
        : base(name, config)
    {
        padToken = config.GetInteger("pad_token_id");
        problemType = config.GetString("problem_type");
    }

    /// <inheritdoc/>
    public sealed override int BlockCount => Body.BlockCount;

    /// <summary>Gets the bare model.</summary>
    private protected abstract DecoderModel Body { get; }

    /// <summary>Gets the map from the final norm's output to a score for every label.</summary>
    private protected abstract nn.Module<Tensor, Tensor> Head { get; }

    /// <inheritdoc/>
    public sealed override BlockwisePass Begin(ModelInputs inputs) => Body.Begin(inputs);

    /// <inheritdoc/>
    public sealed override void RunBlock(BlockwisePass pass, int block) => Body.RunBlock(pass, block);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Several rows are given, and the configuration has no <c>pad_token_id</c> to find their ends by.</exception>
    public sealed override ModelOutput Finish(BlockwisePass pass)
    {
        var decoding = (DecoderPass)pass;
        using var scope = NewDisposeScope();
        var last = Body.Normalize(pass.Hidden); // [row, position, dModel]
        var scores = Head.call(last); // [row, position, label]
        var logits = AtEnd(scores, pass.Inputs.InputIds); // [row, label]
        var loss = pass.Inputs.Labels is { } labels ? Losses.Classification(logits, labels, problemType) : null;
        return scope.HandOut(DecoderModel.Output(decoding, last, new ModelOutput { Logits = logits, Loss = loss }));
    }

    /// <summary>Returns the number of labels that a configuration describes; Hugging Face's default is 2.</summary>
    private protected static long LabelCount(ModelConfig config) =>
        config.GetElement("id2label") is { ValueKind: JsonValueKind.Object } labels ? labels.EnumerateObject().Count() : config.GetSize("num_labels", 2, MostLabels);

    private Tensor AtEnd(Tensor scores, Tensor? ids)
    {
        var (rows, positions) = (scores.shape[0], scores.shape[1]);
        if (padToken is null && rows > 1)
        {
            throw new ArgumentException(
                $"{Config.Origin} has no 'pad_token_id', so that the ends of {rows} rows cannot be found. Give one row at a time, or set it with ModelConfig.With.");
        }

        if (padToken is null || ids is null)
        {
            return scores.select(1, positions - 1); // [row, label]
        }

        var ends = ids.ne(padToken.Value).to(ScalarType.Int64).mul(arange(positions, ScalarType.Int64, ids.device)).argmax(1); // [row]
        return scores.gather(1, ends.view(-1, 1, 1).expand(-1, 1, scores.shape[2])).squeeze(1); // [row, label]
    }
}
