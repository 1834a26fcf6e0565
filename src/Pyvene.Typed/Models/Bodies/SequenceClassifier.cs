using Pyvene.Typed.Models.Layers;
using Pyvene.Typed.Native;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models;

/// <summary>Is a classifier on a decoder: scores of the last real token, which is the only one that has seen the whole text.</summary>
/// <remarks>
/// The last real token is the last id that is not <c>pad_token_id</c>, whatever the mask says; without ids or without <c>pad_token_id</c> it is the last
/// position.
/// </remarks>
internal sealed class SequenceClassifier : HeadedModel
{
    private readonly Func<Tensor, Tensor> score;
    private readonly long? padToken;
    private readonly string? problemType;

    internal SequenceClassifier(string name, ModelConfig config, DecoderArchitecture architecture, Weights weights)
        : base(name, architecture.CreateBody(architecture, config, weights), architecture.Parts.Body)
    {
        padToken = config.GetInteger("pad_token_id");
        problemType = config.GetString("problem_type");
        var map = new Linear(Body.Width, config.LabelCount, hasBias: false, weights);
        register_module("score", map);
        score = map.call;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Several rows are given, and the configuration has no <c>pad_token_id</c> to find their ends by.</exception>
    private protected override ModelOutput Finish(TextPass pass)
    {
        var last = Body.Normalize(pass.Hidden); // [row, position, dModel]
        var logits = AtEnd(score(last), pass.Inputs.InputIds); // [row, label]
        var loss = pass.Inputs.Labels is { } labels ? Losses.Classification(logits, labels, problemType) : null;
        return TextBody.Output(pass, last, new ModelOutput { Logits = logits, Loss = loss });
    }

    private Tensor AtEnd(Tensor scores, Tensor? ids)
    {
        var (rows, positions) = (scores.shape[0], scores.shape[1]);
        if (padToken is null && rows > 1)
        {
            throw new ArgumentException(
                $"{Config.Origin} has no 'pad_token_id', so that the ends of {rows} rows cannot be found. "
                    + "Give one row at a time, or set it with ModelConfig.With.");
        }

        if (padToken is null || ids is null)
        {
            return scores.select(1, positions - 1); // [row, label]
        }

        var ends = ids.ne(Scalars.Of(padToken.Value))
            .to(ScalarType.Int64)
            .mul(arange(Scalars.Of(0), Scalars.Of(positions), Scalars.Of(1), ScalarType.Int64, ids.device))
            .argmax(1); // [row]
        return scores.gather(1, ends.view(-1, 1, 1).expand(-1, 1, scores.shape[2])).squeeze(1); // [row, label]
    }
}
