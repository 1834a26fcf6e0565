using Pyvene.Typed.Analysis;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Lab;
using Pyvene.Typed.Tokenization;
using static TorchSharp.torch;

namespace Pyvene.Typed;

/// <summary>Draws runs of language models.</summary>
public static class RunPictures
{
    private const int LongestTitle = 12; // tokens

    /// <summary>
    /// Returns the prompt with every token coloured by its probability behind those before it, as the run's logits say (with its interventions):
    /// <c>model.Run("The capital of Spain is Madrid").Tokens().Show()</c>.
    /// </summary>
    /// <param name="run">The run; of a model that predicts the next token.</param>
    /// <param name="example">Which prompt, from 0.</param>
    /// <param name="top">How many of the likeliest tokens are listed at each place, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such example, or the number is below 1.</exception>
    /// <exception cref="InvalidOperationException">The model has no language model head or no tokenizer, it also sees the tokens behind a place, or the run has
    /// logits of the last position only.</exception>
    public static TokenPicture Tokens(this ExperimentRun run, int example = 0, int top = 5)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        RequireExample(run, example);
        if (!run.PredictsNext)
        {
            throw new InvalidOperationException(
                "In this model a place may see the tokens behind it, so its logits are not those of the next token and do not say how likely the text is.");
        }

        var (tokenizer, ids) = IdsOf(run, example);
        using var quiet = no_grad();
        return TokenPicture.Of(
            $"{End(tokenizer, ids)} · probability of each token",
            [.. ids.Select((id, position) => position == 0
                ? new ScoredToken(tokenizer.TokenText(id), null, null, [])
                : Scored(run, example, position, id, tokenizer.TokenText, top))]);
    }

    /// <summary>
    /// Returns the likeliest next tokens behind a prompt before and after the interventions, side by side: <c>run.BeforeAfter().SaveHtml("swap.html")</c>.
    /// </summary>
    /// <param name="run">The run; of a language model, with its clean run.</param>
    /// <param name="example">Which prompt, from 0.</param>
    /// <param name="top">How many tokens each side lists, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such example, or the number is below 1.</exception>
    /// <exception cref="InvalidOperationException">The model has no language model head or no tokenizer, or the run has no clean one.</exception>
    public static BeforeAfter BeforeAfter(this ExperimentRun run, int example = 0, int top = 8)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        RequireExample(run, example);
        var tokens = run.TopTokens(top).Examples[example];
        return tokens.Before is { } before
            ? Lab.BeforeAfter.Of(tokens.Prompt, before, tokens.After)
            : throw new InvalidOperationException("There is no clean run to compare with; run with new RunOptions { WithClean = true }.");
    }

    /// <summary>
    /// Returns where the heads of the collected attention weights look in a prompt: <c>….Collect(Gpt2.Layer(5).AttentionWeight, out var weights)</c>, and then
    /// <c>run.Attention([weights], head: 1).SaveHtml("attention.html")</c>.
    /// </summary>
    /// <typeparam name="TModel">The architecture.</typeparam>
    /// <param name="run">The run.</param>
    /// <param name="collected">The handles of the weights of all heads, one a layer.</param>
    /// <param name="example">Which prompt, from 0.</param>
    /// <param name="layer">Which of the handles, from 0, has the head whose exact pattern is drawn.</param>
    /// <param name="head">Which of its heads, from 0.</param>
    /// <exception cref="ArgumentException">There is no handle, or what one collected is not attention weights of every place to every place.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such example, handle or head.</exception>
    /// <exception cref="InvalidOperationException">There is no tokenizer.</exception>
    public static AttentionPicture Attention<TModel>(
        this ExperimentRun<TModel> run, IReadOnlyList<Collected<TModel>> collected, int example = 0, int layer = 0, int head = 0)
        where TModel : IArchitecture
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(collected);
        if (collected.Count == 0) throw new ArgumentException("Attention is drawn of at least one handle.", nameof(collected));
        RequireExample(run, example);
        var (tokenizer, ids) = IdsOf(run, example);
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var places = run.Mask[example].cpu().nonzero().squeeze(1); // without padding
        var padded = run.Mask.shape[1];
        foreach (var handle in collected)
        {
            if (handle.Place.Contains("head ", StringComparison.Ordinal))
            {
                throw new ArgumentException(
                    $"The picture numbers all heads of a layer, but “{handle.Place}” is of some; collect it without Head.", nameof(collected));
            }

            var shape = run[handle].shape; // [batch, head, query, key]
            if (shape.Length != 4 || shape[2] != padded || shape[3] != padded || shape[1] != run[collected[0]].shape[1])
            {
                throw new ArgumentException(
                    $"Expected attention weights [batch, head, {padded}, {padded}], of every place to every place and of as many heads a layer, but "
                        + $"“{handle.Place}” gave [{string.Join(", ", shape)}].",
                    nameof(collected));
            }
        }

        var weights = stack([.. collected.Select(handle => run[handle][example].cpu().index_select(1, places).index_select(2, places))]);
        return AttentionPicture.Of(
            $"attention · {End(tokenizer, ids)}",
            weights,
            [.. ids.Select(tokenizer.TokenText)],
            layer,
            head,
            [.. collected.Select(handle => handle.Place.Split(" of ")[^1])]); // attention_weight of layer 5
    }

    private static string End(TextTokenizer tokenizer, IReadOnlyList<int> ids) =>
        (ids.Count > LongestTitle ? "…" : "") + tokenizer.Decode(ids.TakeLast(LongestTitle)).TrimStart();

    private static void RequireExample(ExperimentRun run, int example)
    {
        if (example >= 0 && example < run.Lengths.Length) return;
        throw new ArgumentOutOfRangeException(nameof(example), example, $"The run has {run.Lengths.Length} examples (0 to {run.Lengths.Length - 1}).");
    }

    private static (TextTokenizer Tokenizer, IReadOnlyList<int> Ids) IdsOf(ExperimentRun run, int example)
    {
        if (run.Tokenizer is not { } tokenizer) throw new InvalidOperationException("Tokens have texts where the model has a tokenizer; its folder has none.");
        var ids = run.TokensOf(example);
        return ids.Count == run.Lengths[example]
            ? (tokenizer, ids)
            : throw new InvalidOperationException(
                $"The run has {run.Lengths[example]} places for the {ids.Count} tokens of example {example}; which is whose is not known.");
    }

    private static ScoredToken Scored(ExperimentRun run, int example, int position, int id, Func<int, string> text, int top)
    {
        using var scope = NewDisposeScope();
        var logs = run.LogitsAt(example, position - 1).to(float32).log_softmax(-1); // [vocab]
        var own = logs[id];
        return new(
            text(id),
            own.to(float64).cpu().item<double>(),
            (int)logs.gt(own).sum([0]).cpu().item<long>(),
            TokenProbability.Likeliest(logs.exp(), text, top));
    }
}
