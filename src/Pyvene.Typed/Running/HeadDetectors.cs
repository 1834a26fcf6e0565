using Pyvene.Typed.Analysis;
using Pyvene.Typed.Causal;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Running;
using static TorchSharp.torch;

namespace Pyvene.Typed;

/// <summary>Finds heads by where they look.</summary>
public static class HeadDetectors
{
    private const string Weights = "attention_weight";

    /// <summary>
    /// Returns how much of its attention every head gives to a pattern: <c>model.HeadScores(HeadPattern.Induction)</c>. A score is the mean, over all queries
    /// that the pattern speaks of, of the attention weight that lies where the pattern says.
    /// </summary>
    /// <remarks>
    /// The first token of a prompt has nothing else to look at and never counts. Of <see cref="HeadPattern.DuplicateToken"/> and
    /// <see cref="HeadPattern.Induction"/> only tokens count that have occurred before, for induction not right before.
    /// </remarks>
    /// <param name="model">The model, with attention weights in its descriptor.</param>
    /// <param name="pattern">The pattern.</param>
    /// <param name="prompts">The prompts; <see langword="null"/> = <see cref="RepeatedTokens"/>, in which nothing but repetition tells what comes next.</param>
    /// <exception cref="InterventionException">
    /// The architecture has no attention weights, a prompt does not fit the model, or no token of the prompts is one that the pattern speaks of.
    /// </exception>
    public static HeadScores HeadScores(this LanguageModel model, HeadPattern pattern, Prompt? prompts = null)
    {
        var words = pattern.InWords();
        var architecture = model.Given().Architecture ?? throw new InterventionException(
            "model", $"No descriptor describes a {model.Module.GetName()}, so its attention weights are not known.");
        if (!architecture.TryFindComponent(Weights, out _))
        {
            throw new InterventionException("architecture", $"'{architecture.Key}' has no component {Weights}, so its heads have no scores.");
        }

        prompts ??= model.RepeatedTokens();
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        using var plan = model.Bind(new InterventionConfig
        {
            Architecture = architecture.Key,
            Interventions = [.. Enumerable.Range(0, model.LayerCount).Select(layer => new InterventionSpec
            {
                Intervention = new Collect(), Site = new SiteSpec { Component = Weights, Layer = layer }, Name = NameOf(layer),
            })],
        });
        using var run = plan.Run(prompts, null, new RunOptions { WithClean = false, NextTokenOnly = true });
        var examples = Enumerable.Range(0, prompts.Count).Select(run.TokensOf).ToArray();
        var (wanted, queries) = HeadPatterns.In(pattern, examples, run.Mask.device); // [batch, query, key]
        if (queries == 0)
        {
            throw new InterventionException("prompts", $"No token of the prompts is one that {words} speaks of. "
                + "Give longer prompts, or such in which tokens occur again, as model.RepeatedTokens() makes them.");
        }

        var scores = new double[model.LayerCount, model.HeadCount];
        for (var layer = 0; layer < scores.GetLength(0); layer++)
        {
            using var step = NewDisposeScope();
            var own = run[NameOf(layer)].to(float32).mul(wanted.unsqueeze(1)).to(float64).sum([0, 2, 3]).cpu().data<double>().ToArray(); // [head]
            for (var head = 0; head < own.Length; head++) scores[layer, head] = own[head] / queries;
        }

        return new(pattern, scores);
    }

    /// <summary>
    /// Returns prompts of random tokens that are repeated once: no token occurs twice within a half, so only what came before tells what follows in the second
    /// (Olsson et al., 2022).
    /// </summary>
    /// <param name="model">The model, whose tokens they are, without those that mark beginning, end, padding and unknown text.</param>
    /// <param name="length">How many tokens a half has, at least 2; fewer where the model reads no two halves or has not so many tokens.</param>
    /// <param name="count">How many prompts, at least 1.</param>
    /// <param name="seed">The seed of the draws; the same one always gives the same prompts.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is too low.</exception>
    /// <exception cref="CheckpointException">The model's configuration has no <c>vocab_size</c>.</exception>
    public static Prompt RepeatedTokens(this LanguageModel model, int length = 25, int count = 8, long seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var (tokenizer, vocabulary) = (model.Given().Tokenizer, (int)model.Module.Config.Size("vocab_size"));
        int?[] marks = [tokenizer?.BosTokenId, tokenizer?.EosTokenId, tokenizer?.PadTokenId, tokenizer?.UnknownTokenId];
        int[] tokens = [.. Enumerable.Range(0, vocabulary)
            .Where(id => !marks.Contains(id) && (tokenizer is null || tokenizer.VocabularyToken(id) is not null))];
        length = (int)Math.Min(Math.Min(length, tokens.Length), (model.Module.ContextLength ?? long.MaxValue) / 2);
        var random = new CausalRandom(seed);
        return Prompt.OfTokens([.. Enumerable.Range(0, count).Select(_ => Half()).Select(half => (IReadOnlyList<int>)[.. half, .. half])]);

        int[] Half()
        {
            for (var place = 0; place < length; place++) // Fisher and Yates
            {
                var drawn = place + random.Next(tokens.Length - place);
                (tokens[place], tokens[drawn]) = (tokens[drawn], tokens[place]);
            }

            return tokens[..length];
        }
    }

    private static string NameOf(int layer) => FormattableString.Invariant($"{Weights}_{layer}");
}
