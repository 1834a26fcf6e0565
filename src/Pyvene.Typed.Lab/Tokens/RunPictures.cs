using Pyvene.Typed.Analysis;
using Pyvene.Typed.Lab;
using static TorchSharp.torch;

namespace Pyvene.Typed;

/// <summary>Draws runs of language models.</summary>
public static class RunPictures
{
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
        var lengths = run.Lengths;
        if (example < 0 || example >= lengths.Length)
        {
            throw new ArgumentOutOfRangeException(nameof(example), example, $"The run has {lengths.Length} examples (0 to {lengths.Length - 1}).");
        }

        if (run.Tokenizer is not { } tokenizer) throw new InvalidOperationException("Tokens have texts where the model has a tokenizer; its folder has none.");
        if (!run.PredictsNext)
        {
            throw new InvalidOperationException(
                "In this model a place may see the tokens behind it, so its logits are not those of the next token and do not say how likely the text is.");
        }

        var ids = run.TokensOf(example);
        if (ids.Count != lengths[example])
        {
            throw new InvalidOperationException(
                $"The run has {lengths[example]} places for the {ids.Count} tokens of example {example}; which is whose is not known.");
        }

        using var quiet = no_grad();
        return TokenPicture.Of(
            $"{tokenizer.Decode(ids.TakeLast(12))} · probability of each token",
            [.. ids.Select((id, position) => position == 0
                ? new ScoredToken(tokenizer.TokenText(id), null, null, [])
                : Scored(run, example, position, id, tokenizer.TokenText, top))]);
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
