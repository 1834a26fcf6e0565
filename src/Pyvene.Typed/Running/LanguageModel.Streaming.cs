using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Generation;
using Pyvene.Typed.Running;

namespace Pyvene.Typed;

public partial class LanguageModel
{
    /// <summary>Generates text without intervention and yields it piece by piece, as the tokens come.</summary>
    /// <param name="prompt">One prompt.</param>
    /// <param name="generation">How to generate, with one beam; <see langword="null"/> = as the model's folder says.</param>
    /// <param name="cancellationToken">Stops the generation between two steps.</param>
    /// <returns>The pieces of the text, which together are what <c>Generate</c> gives; a character whose bytes are spread over tokens comes whole, or as U+FFFD
    /// where the text ends within it.</returns>
    /// <exception cref="InterventionException">There is more than one prompt, or the model has no tokenizer.</exception>
    /// <exception cref="ArgumentException">The options contradict each other or ask for beams, or the prompt is too long.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed before the stream was at its end.</exception>
    /// <exception cref="OperationCanceledException">The generation was cancelled.</exception>
    public TextStream StreamAsync(Prompt prompt, GenerationOptions? generation = null, CancellationToken cancellationToken = default) =>
        StreamAsync(prompt, generation, null, cancellationToken);

    /// <summary>Generates text without intervention, with the settings of a run, and yields it piece by piece.</summary>
    /// <param name="prompt">One prompt.</param>
    /// <param name="generation">How to generate, with one beam; <see langword="null"/> = as the model's folder says.</param>
    /// <param name="options">The settings of the run.</param>
    /// <param name="cancellationToken">Stops the generation between two steps.</param>
    /// <inheritdoc cref="StreamAsync(Prompt, GenerationOptions?, CancellationToken)"/>
    public TextStream StreamAsync(Prompt prompt, GenerationOptions? generation, RunOptions? options, CancellationToken cancellationToken = default) =>
        StreamAsync(new InterventionConfig(), prompt, null, generation, options, cancellationToken);

    /// <summary>Generates text under a configuration and yields it piece by piece.</summary>
    /// <param name="config">The configuration; every place says when in the generation it is acted on.</param>
    /// <param name="base">One prompt.</param>
    /// <param name="sources">
    /// The sources in order, as many as the configuration reads; <see cref="Source.Skip"/> leaves one out on purpose; <see langword="null"/> = none.
    /// </param>
    /// <param name="generation">How to generate, with one beam; <see langword="null"/> = as the model's folder says.</param>
    /// <param name="options">The settings of the interventions; <see langword="null"/> = the defaults.</param>
    /// <param name="cancellationToken">Stops the generation between two steps.</param>
    /// <inheritdoc cref="StreamAsync(Prompt, GenerationOptions?, CancellationToken)"/>
    public TextStream StreamAsync(
        InterventionConfig config,
        Prompt @base,
        IReadOnlyList<SourceInput>? sources = null,
        GenerationOptions? generation = null,
        RunOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(config);
        return new(Streamed(config, @base, generation, options, cancellationToken, [.. sources ?? []]));
    }

    /// <summary>Returns what generates when it is asked for pieces, and hands over the whole text at the end.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="generation">How to generate.</param>
    /// <param name="generate">Generates on a thread of its own, and tells every step.</param>
    /// <param name="cancellationToken">Stops the generation between two steps.</param>
    internal Func<Action<GeneratedText>, IAsyncEnumerable<string>> Streamed(
        Prompt prompt,
        GenerationOptions? generation,
        Func<GenerationOptions, Action<GenerationStep>, CancellationToken, GeneratedText> generate,
        CancellationToken cancellationToken) =>
        atEnd => Pieces(prompt, generation, generate, atEnd, cancellationToken);

    private protected Func<Action<GeneratedText>, IAsyncEnumerable<string>> Streamed(
        InterventionConfig config,
        Prompt prompt,
        GenerationOptions? generation,
        RunOptions? options,
        CancellationToken cancellationToken,
        params SourceInput[] sources) =>
        Streamed(
            prompt,
            generation,
            (how, onStep, stop) =>
            {
                using var plan = Bind(config);
                return plan.Generate(prompt, how, options, onStep, stop, sources);
            },
            cancellationToken);

    private async IAsyncEnumerable<string> Pieces(
        Prompt prompt,
        GenerationOptions? generation,
        Func<GenerationOptions, Action<GenerationStep>, CancellationToken, GeneratedText> generate,
        Action<GeneratedText> atEnd,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        PromptEncoder.RefuseMissing(prompt, "base");
        if (Tokenizer is not { } tokenizer || prompt.Count != 1)
        {
            throw new InterventionException(
                "base",
                $"Text is streamed for one prompt and with a tokenizer, but there are {prompt.Count} prompts and "
                    + $"{(Tokenizer is null ? "no" : "a")} tokenizer.");
        }

        ModelGate.RefuseDisposed(Module);
        var options = Completed(generation);
        if (options.NumBeams != 1)
        {
            throw new ArgumentException(
                $"A beam search knows its text only at the end, so it cannot be streamed, but NumBeams is {options.NumBeams}.", nameof(generation));
        }

        // The model runs on a thread of its own: dispose scopes and the engine belong to the thread that they were begun on.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, closing.Token);
        var steps = Channel.CreateUnbounded<long>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
        var run = Task.Run(
            () =>
            {
                try
                {
                    return generate(options, step => steps.Writer.TryWrite(step.Tokens[0]), stop.Token);
                }
                finally
                {
                    steps.Writer.Complete();
                }
            },
            CancellationToken.None);
        var isRead = false;
        try
        {
            var (ids, text, shown) = (new List<int>(), "", 0);
            await foreach (var token in steps.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
            {
                RefuseClosing();
                ids.Add((int)token);
                text = tokenizer.Decode(ids, skipSpecialTokens: true);
                var settled = tokenizer.SettledLength(text);
                if (settled > shown)
                {
                    yield return text[shown..settled];
                    shown = settled;
                }
            }

            // Nothing follows that could change what was held back: the end of the text, a bound on its tokens, a cancelled or failed generation.
            if (text.Length > shown)
            {
                yield return text[shown..];
            }

            isRead = true;
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false); // A reader that stops early stops the model too.
            await ((Task)run).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!isRead && run.IsCompletedSuccessfully)
            {
                (await run.ConfigureAwait(false)).Dispose(); // nobody comes to read what was collected
            }
        }

        RefuseClosing();
        atEnd(await run.ConfigureAwait(false));

        void RefuseClosing()
        {
            if (closing.IsCancellationRequested && !run.IsCompletedSuccessfully)
            {
                throw new ObjectDisposedException(Module.GetName(), "The model was disposed while this stream was open, so its text is not complete. Read a "
                    + "stream to its end, or dispose its enumerator, before the model.");
            }
        }
    }
}
