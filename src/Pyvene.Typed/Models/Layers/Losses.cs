using Pyvene.Typed.Native;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Pyvene.Typed.Models.Layers;

/// <summary>Computes the losses of Hugging Face's heads; each is a scalar in float32.</summary>
internal static class Losses
{
    private const long Ignored = -100;

    /// <summary>Returns the mean cross entropy of each position's logits with the label of the next position.</summary>
    /// <param name="logits">[row, position, vocab].</param>
    /// <param name="labels">Token ids, −100 = left out: int64 [row, position].</param>
    /// <exception cref="ArgumentException">The labels do not have the shape of the tokens.</exception>
    public static Tensor NextToken(Tensor logits, Tensor labels)
    {
        CheckTokenLabels(labels, logits.shape[0], logits.shape[1], logits.shape[2]);
        var positions = logits.shape[1];
        return MeanOver(logits.narrow(1, 0, positions - 1), labels.narrow(1, 1, positions - 1)); // [row, position - 1, …]
    }

    /// <summary>Returns the mean cross entropy of each position's logits with its own label.</summary>
    /// <param name="logits">[row, position, vocab].</param>
    /// <param name="labels">Token ids, −100 = left out: int64 [row, position].</param>
    /// <exception cref="ArgumentException">The labels do not have the shape of the tokens.</exception>
    public static Tensor EachToken(Tensor logits, Tensor labels)
    {
        CheckTokenLabels(labels, logits.shape[0], logits.shape[1], logits.shape[2]);
        return MeanOver(logits, labels);
    }

    /// <summary>Checks that the labels, where there are any, are a token for every token.</summary>
    /// <param name="inputs">The arguments of a model.</param>
    /// <param name="vocab">The number of token ids.</param>
    /// <exception cref="ArgumentException">The labels do not have the shape of the tokens, or are no token ids.</exception>
    public static void CheckTokenLabels(ModelInputs inputs, long vocab)
    {
        if (inputs.Labels is { } labels)
        {
            CheckTokenLabels(labels, inputs.Leading!.shape[0], inputs.Leading.shape[1], vocab);
        }
    }

    private static void CheckTokenLabels(Tensor labels, long rows, long positions, long vocab)
    {
        if (labels.dim() != 2 || labels.shape[0] != rows || labels.shape[1] != positions)
        {
            throw new ArgumentException(
                $"Labels must have the shape [{rows}, {positions}], one token id (or {Ignored}) for each token, but have [{string.Join(", ", labels.shape)}].",
                nameof(labels));
        }

        CheckClasses(labels, vocab);
    }

    // Beyond them a native error would end an accelerator's context.
    private static void CheckClasses(Tensor labels, long count)
    {
        if (labels.is_meta || labels.numel() == 0)
        {
            return;
        }

        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var classes = labels.to(ScalarType.Int64);
        var wrong = classes.ne(Scalars.Of(Ignored)).logical_and(classes.lt(Scalars.Of(0)).logical_or(classes.ge(Scalars.Of(count))));
        if (wrong.any().item<bool>())
        {
            var first = classes.masked_select(wrong)[0].item<long>();
            throw new ArgumentOutOfRangeException(
                nameof(labels), $"Labels must lie from 0 to {count - 1}, or be {Ignored} for what is left out, but one is {first}.");
        }
    }

    /// <summary>Returns the loss of a classifier.</summary>
    /// <param name="logits">[row, label].</param>
    /// <param name="labels">Classes [row], or targets [row] or [row, label].</param>
    /// <param name="problemType">
    /// <c>regression</c> (mean squared error), <c>single_label_classification</c> (cross entropy), <c>multi_label_classification</c> (binary cross
    /// entropy), or <see langword="null"/>: regression when there is one label, else by the dtype of <paramref name="labels"/>, whole numbers being classes.
    /// </param>
    /// <exception cref="ArgumentException">The labels do not fit the kind of problem, or the kind is unknown.</exception>
    public static Tensor Classification(Tensor logits, Tensor labels, string? problemType)
    {
        var (rows, count) = (logits.shape[0], logits.shape[1]);
        var kind = problemType
            ?? (count == 1 ? "regression"
            : labels.dtype is ScalarType.Int64 or ScalarType.Int32 ? "single_label_classification"
            : "multi_label_classification");
        var expected = kind == "single_label_classification" || count == 1 ? rows : rows * count;
        if (labels.numel() != expected)
        {
            throw new ArgumentException(
                $"Labels of a {kind} with {count} labels and {rows} rows must have {expected} elements, but have the shape "
                    + $"[{string.Join(", ", labels.shape)}].",
                nameof(labels));
        }

        if (kind == "single_label_classification")
        {
            CheckClasses(labels, count);
        }

        return kind switch
        {
            "regression" => functional.mse_loss(logits.to(ScalarType.Float32), labels.to(ScalarType.Float32).reshape(logits.shape)),
            "single_label_classification" => functional.cross_entropy(logits.to(ScalarType.Float32), labels.reshape(-1).to(ScalarType.Int64)),
            "multi_label_classification" =>
                functional.binary_cross_entropy_with_logits(logits.to(ScalarType.Float32), labels.to(ScalarType.Float32).reshape(logits.shape)),
            _ => throw new ArgumentException(
                $"The problem type '{kind}' is unknown; known are regression, single_label_classification and "
                    + "multi_label_classification.", nameof(problemType)),
        };
    }

    /// <summary>
    /// Returns the load-balancing loss of routers: how much the experts that get many tokens are also likely, 1 where all are alike. Source: Fedus et al.,
    /// Switch Transformers, 2021.
    /// </summary>
    /// <param name="scores">The scores of each block's router: [row, position, expert].</param>
    /// <param name="chosen">How many experts serve a token.</param>
    /// <param name="mask">Which tokens count, 1 or 0, [row, key], the last keys being the positions; <see langword="null"/> = all.</param>
    /// <exception cref="ArgumentException">The mask is not one of tokens.</exception>
    public static Tensor Balance(IReadOnlyList<Tensor> scores, int chosen, Tensor? mask)
    {
        if (mask is { ndim: not 2 })
        {
            throw new ArgumentException("The load-balancing loss of the routers needs an AttentionMask of tokens, [batch, key] with 1 and 0, but it has the "
                + $"shape [{string.Join(", ", mask.shape)}]. Give one of tokens, or leave OutputRouterLogits out.", nameof(mask));
        }

        using var scope = NewDisposeScope();
        var (positions, experts) = (scores[0].shape[1], scores[0].shape[2]);
        var likely = cat([.. scores.Select(block => block.flatten(0, 1))], 0).softmax(-1); // [block · token, expert]
        var (_, best) = likely.topk(chosen, -1); // [block · token, choice]
        var served = functional.one_hot(best, experts).to(ScalarType.Float32); // [block · token, choice, expert]
        var counts = mask is null
            ? ones([likely.shape[0], 1], ScalarType.Float32, likely.device)
            : mask.narrow(1, mask.shape[1] - positions, positions).to(ScalarType.Float32).reshape(-1, 1).repeat(scores.Count, 1); // [block · token, 1]
        var total = counts.sum();
        var share = served.mul(counts.unsqueeze(2)).sum([0]).div(total); // [choice, expert]
        var chance = likely.to(ScalarType.Float32).mul(counts).sum([0]).div(total); // [expert]
        return scope.HandOut(share.mul(chance).sum().mul(Scalars.Of(experts)));
    }

    // over [row·position, vocab]
    private static Tensor MeanOver(Tensor logits, Tensor labels) => functional.cross_entropy(
        logits.reshape(-1, logits.shape[2]).to(ScalarType.Float32), labels.reshape(-1).to(ScalarType.Int64), ignore_index: Ignored);
}
