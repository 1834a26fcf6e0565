// Reproduces GenerationMixin._beam_search of transformers 4.57.6, its float32 arithmetic included.
using Pyvene.Typed.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Generation;

/// <summary>Follows several texts of every prompt at once and returns those with the best log-probability for their length.</summary>
/// <remarks>
/// Beams that end are moved to a set of their own, of which the best are kept. What must not be chosen gets a score lower by 1e9, so that it loses against
/// everything that may.
/// </remarks>
internal sealed class BeamSearch : TokenSearch
{
    private const double Excluded = -1e9;

    private readonly int beams;
    private readonly int candidates;
    private BeamSet open;
    private BeamSet ended;
    private Tensor isEnded; // [batch, beam]
    private Tensor canImprove; // [batch, 1]

    /// <summary>Begins the search.</summary>
    /// <param name="plan">What to search for.</param>
    /// <param name="decoder">Runs the model; it stays the caller's.</param>
    /// <param name="prompt">The prompts; they stay the caller's.</param>
    public BeamSearch(GenerationPlan plan, StepwiseDecoder decoder, GenerationPrompt prompt)
        : base(plan, decoder)
    {
        beams = plan.Options.NumBeams;
        candidates = checked((int)plan.Candidates);
        using var scope = NewDisposeScope();
        var (batch, device) = (prompt.Batch, prompt.Device);
        var tokens = prompt.TokenRows(beams).view(batch, beams, -1); // [batch, beam, position]
        var origins = empty([batch, beams, 0], ScalarType.Int64, device); // [batch, beam, 0]
        var none = full(batch, beams, Scalars.Of(Excluded), ScalarType.Float32, device); // [batch, beam]
        // All beams are equal at first, so only one of them may be continued.
        open = new BeamSet(
            tokens,
            none.masked_fill(arange(Scalars.Of(0), Scalars.Of(beams), Scalars.Of(1), device: device).eq(Scalars.Of(0)), Scalars.Of(0)),
            origins).Detach();
        ended = new BeamSet(tokens.clone(), none, origins.clone()).Detach();
        isEnded = Kept(zeros(batch, beams, ScalarType.Bool, device));
        canImprove = Kept(ones(batch, 1, ScalarType.Bool, device));
    }

    private bool StopsWhenFull => Plan.Options.EarlyStopping is EarlyStopping.AsSoonAsFull;

    /// <inheritdoc/>
    public override void Dispose()
    {
        open.Dispose();
        ended.Dispose();
        isEnded.Dispose();
        canImprove.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    public override (Tensor Rows, Func<long[]>? Filling) Asked() => (open.Tokens.flatten(0, 1), null);

    /// <inheritdoc/>
    protected override void Advance(Tensor rows, Tensor logits)
    {
        var next = Continuations(rows, logits); // candidates, best first
        var ends = Ends(next); // [batch, candidate]
        var going = next with { Scores = next.Scores.add(ends.to(ScalarType.Float32) * Scalars.Of(Excluded), Scalars.Of(1)) };
        var (_, best) = going.Scores.topk(beams, 1); // [batch, beam]
        Replace(ref open, going.Select(best));
        Collect(next, ends);
        canImprove = Kept(CanImprove(), canImprove);
        IsFinished = IsOver(ends);
        if (!IsFinished) Decoder.SelectRows(open.Origins.select(2, -1).flatten()); // [row]
    }

    /// <inheritdoc/>
    protected override (Tensor Sequences, Tensor Lengths, Tensor? BeamIndices, Tensor? SequencesScores) Found()
    {
        var count = Plan.Options.NumReturnSequences;
        var origins = ended.Origins.narrow(1, 0, count).flatten(0, 1); // [text, new position]
        var lengths = origins.ge(Scalars.Of(0)).sum(1); // [text]
        var length = lengths.max().item<long>();
        var tokens = ended.Tokens.narrow(1, 0, count).flatten(0, 1).narrow(1, 0, Plan.PromptLength + length); // [text, position]
        return (tokens.clone(), lengths.clone(), origins.narrow(1, 0, length).clone(), ended.Scores.narrow(1, 0, count).flatten().clone());
    }

    /// <summary>Returns the best, or drawn, continuations of the open beams: [batch, candidate].</summary>
    private BeamSet Continuations(Tensor rows, Tensor logits)
    {
        var scores = Plan.Process(rows, logits.log_softmax(1)); // [row, vocab]
        Record(logits, scores);
        var (batch, vocab) = (open.Scores.shape[0], scores.shape[1]);
        if (candidates > beams * vocab)
        {
            throw new ArgumentException(
                $"A search with {beams} beams and {Plan.EosCount} end tokens compares {candidates} continuations, but a vocabulary of {vocab} tokens gives "
                    + $"only {beams * vocab}. Use fewer end tokens.");
        }

        var totals = scores.view(batch, beams, vocab).add(open.Scores.unsqueeze(2), Scalars.Of(1)).view(batch, beams * vocab); // [batch, beam · vocab]
        var (chosen, places) = Choose(totals); // [batch, candidate]
        var beam = places.floor_divide(Scalars.Of(vocab)); // [batch, candidate]
        var firstRow = arange(Scalars.Of(0), Scalars.Of(batch), Scalars.Of(1), device: places.device).unsqueeze(1) * Scalars.Of(beams); // [batch, 1]
        return (open.Select(beam) with { Scores = chosen }).Append(places.remainder(Scalars.Of(vocab)), beam.add(firstRow, Scalars.Of(1)));
    }

    private (Tensor Scores, Tensor Places) Choose(Tensor totals)
    {
        if (Randomness is null) return totals.topk(candidates, 1);
        var drawn = Draw(totals, candidates); // [batch, candidate]
        return (totals.gather(1, drawn), drawn);
    }

    private Tensor Ends(BeamSet next)
    {
        var last = next.Tokens.select(2, -1); // [batch, candidate]
        return next.Tokens.shape[2] >= Plan.MaxLength ? full_like(last, Scalars.Of(true), ScalarType.Bool) : Plan.Ends(next.Tokens);
    }

    /// <summary>Moves the candidates that just ended, and are among the best, to the ended beams.</summary>
    private void Collect(BeamSet next, Tensor ends)
    {
        // [batch, candidate]
        var joins = ends.logical_and(arange(Scalars.Of(0), Scalars.Of(candidates), Scalars.Of(1), device: ends.device).lt(Scalars.Of(beams)));
        var scores = next.Scores / Scalars.Of(Math.Pow(NewLength, Plan.Options.LengthPenalty)); // [batch, candidate]
        if (StopsWhenFull) scores = scores.add(isEnded.all(1, keepdim: true).to(ScalarType.Float32) * Scalars.Of(Excluded), Scalars.Of(1));
        scores = scores.add(canImprove.logical_not().to(ScalarType.Float32) * Scalars.Of(Excluded), Scalars.Of(1));
        scores = scores.add(joins.logical_not().to(ScalarType.Float32) * Scalars.Of(Excluded), Scalars.Of(1));
        // transformers fills with the first end token where the padding token is 0.
        var fill = Plan.PadTokenId != 0 ? Plan.PadTokenId : Plan.Options.EosTokenIds.FirstOrDefault();
        var all = ended.Fill(fill).Join(next with { Scores = scores });
        var (_, best) = all.Scores.topk(beams, 1); // [batch, beam]
        isEnded = Kept(cat([isEnded, joins], 1).take_along_dim(best, 1), isEnded); // [batch, beam]
        Replace(ref ended, all.Select(best));
    }

    /// <summary>Returns whether the best open beam of a prompt may still beat its worst ended one: bool [batch, 1].</summary>
    private Tensor CanImprove()
    {
        var penalty = Plan.Options.LengthPenalty;
        var length = Plan.Options.EarlyStopping is EarlyStopping.Never && penalty > 0 ? Plan.MaxLength - Plan.PromptLength : NewLength;
        var bestPossible = open.Scores.narrow(1, 0, 1) / Scalars.Of(Math.Pow(length, penalty)); // [batch, 1]
        var worst = ended.Scores.amin([1], keepdim: true); // [batch, 1]
        var toBeat = where(isEnded, worst, full_like(worst, Scalars.Of(Excluded))); // [batch, beam]
        return canImprove.logical_and(bestPossible.gt(toBeat).any(1, keepdim: true));
    }

    private bool IsOver(Tensor ends) =>
        !canImprove.any().item<bool>() || (StopsWhenFull && isEnded.all().item<bool>()) || ends.all().item<bool>();

    private long NewLength => open.Origins.shape[2];

    private static void Replace(ref BeamSet set, BeamSet next)
    {
        set.Dispose();
        set = next.Detach();
    }
}
