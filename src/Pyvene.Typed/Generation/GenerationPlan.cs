using Pyvene.Typed.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Generation;

/// <summary>Holds what one generation needs to know, resolved from its options, its prompt and its model.</summary>
internal sealed class GenerationPlan
{
    private const long LargestStep = 1L << 32;

    private readonly IReadOnlyList<LogitsProcessor> processors;
    private readonly long[] eos;

    /// <summary>Resolves a generation and checks it.</summary>
    /// <param name="options">The options.</param>
    /// <param name="prompt">The checked prompt.</param>
    /// <param name="config">The configuration of the model.</param>
    /// <exception cref="ArgumentException">
    /// Options contradict each other, leave no room for a token, or ask for so many rows that one step would take more than 4 GiB.
    /// </exception>
    public GenerationPlan(GenerationOptions options, GenerationPrompt prompt, ModelConfig config)
    {
        options.Validate();
        Options = options;
        PromptLength = checked((int)prompt.TokenCount);
        var newTokens = new GenerationLength(options, prompt, config).NewTokens;
        MaxLength = PromptLength + newTokens;
        eos = [.. options.EosTokenIds.Select(id => (long)id)];
        CheckSize(prompt.Batch, config.GetInteger("vocab_size") ?? 1);
        processors = ProcessorChain.For(options, prompt, MaxLength);
    }

    /// <summary>Gets the options.</summary>
    public GenerationOptions Options { get; }

    /// <summary>Gets how many tokens a text begins with; 0 after a prompt of embeddings.</summary>
    public int PromptLength { get; }

    /// <summary>Gets the largest length of a text in tokens.</summary>
    public int MaxLength { get; }

    /// <summary>Gets how many rows a prompt becomes.</summary>
    public int RowsPerPrompt => Math.Max(Options.NumBeams, Options.NumReturnSequences);

    /// <summary>Gets how many tokens end a text.</summary>
    public int EosCount => eos.Length;

    /// <summary>Gets the token that fills a row behind its end.</summary>
    public int PadTokenId => Options.PadTokenId ?? Options.EosTokenIds.FirstOrDefault();

    /// <summary>Gets how many continuations a beam search compares: even if every one of the best ended, enough others would be left to go on with.</summary>
    public long Candidates => Math.Max(2, 1 + EosCount) * (long)Options.NumBeams;

    /// <summary>Passes scores through all processors: float32 [row, vocab], <paramref name="scores"/> itself where none changes them.</summary>
    public Tensor Process(Tensor tokens, Tensor scores) => processors.Aggregate(scores, (current, processor) => processor.Apply(tokens, current));

    /// <summary>Gets whether a text can end before the largest length.</summary>
    public bool CanEnd => EosCount > 0 || Options.StopsWhen is not null;

    /// <summary>Returns which texts end with their last token: bool [row] or [batch, candidate].</summary>
    /// <param name="texts">The tokens: int64 [row, position] or [batch, candidate, position].</param>
    public Tensor Ends(Tensor texts)
    {
        var last = texts.select(-1, -1); // [row] or [batch, candidate]
        var ends = EosCount > 0 ? last.isin(tensor(eos, ScalarType.Int64, texts.device)) : zeros_like(last, ScalarType.Bool);
        if (Options.StopsWhen is not { } stops)
        {
            return ends;
        }

        var length = checked((int)texts.shape[^1]);
        var answers = texts.cpu().data<long>().ToArray().Select(token => (int)token).Chunk(length).Select(text => stops(text)).ToArray();
        return ends.logical_or(tensor(answers, device: texts.device).view(last.shape)); // [row] or [batch, candidate]
    }

    /// <summary>
    /// Makes the source of random numbers for sampling, or none where nothing is drawn. It is on the CPU, the only place where TorchSharp has one.
    /// </summary>
    public Generator? Randomness() => Options.DoSample ? new Generator((ulong)(Options.Seed ?? Random.Shared.NextInt64()), CPU) : null;

    // The first step is sized before a tensor of it is made: what does not fit ends a process.
    private void CheckSize(long batch, long vocabulary)
    {
        var scores = (double)batch * RowsPerPrompt * vocabulary * sizeof(float); // [row, vocab]
        var texts = Options.NumBeams == 1 ? 0 : (double)batch * Candidates * (PromptLength + 1) * sizeof(long); // [batch, candidate, position]
        if (Math.Max(scores, texts) <= LargestStep) return;
        var (option, rows) = Options.NumBeams == 1
            ? (nameof(Options.NumReturnSequences), Options.NumReturnSequences)
            : (nameof(Options.NumBeams), Options.NumBeams);
        throw new ArgumentException(
            FormattableString.Invariant(
                $"{option} is {rows} with {batch} prompts, {vocabulary} tokens of vocabulary and {EosCount} end tokens: one step alone would hold ")
                + FormattableString.Invariant($"{Math.Max(scores, texts) / (1L << 30):F1} GiB, and at most 4 GiB are taken. ")
                + "Ask for fewer, or give fewer prompts at a time.",
            option);
    }
}
