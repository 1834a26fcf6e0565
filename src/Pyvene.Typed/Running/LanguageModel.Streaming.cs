using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Generation;

namespace Pyvene.Typed;

public sealed partial class LanguageModel<TModel>
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
        new(Streamed(Plain, prompt, generation, null, cancellationToken));

    /// <summary>Generates text without intervention, with the settings of a run, and yields it piece by piece.</summary>
    /// <param name="prompt">One prompt.</param>
    /// <param name="generation">How to generate, with one beam; <see langword="null"/> = as the model's folder says.</param>
    /// <param name="options">The settings of the run.</param>
    /// <param name="cancellationToken">Stops the generation between two steps.</param>
    /// <inheritdoc cref="StreamAsync(Prompt, GenerationOptions?, CancellationToken)"/>
    public TextStream StreamAsync(Prompt prompt, GenerationOptions? generation, RunOptions? options, CancellationToken cancellationToken = default) =>
        new(Streamed(Plain, prompt, generation, options, cancellationToken));

    /// <summary>Generates text under an experiment that reads no source and yields it piece by piece.</summary>
    /// <param name="experiment">The experiment; every place says with <c>During</c> when in the generation it is acted on.</param>
    /// <param name="base">One prompt.</param>
    /// <param name="generation">How to generate, with one beam; <see langword="null"/> = as the model's folder says.</param>
    /// <param name="options">The settings of the interventions; <see langword="null"/> = the defaults.</param>
    /// <param name="cancellationToken">Stops the generation between two steps.</param>
    /// <inheritdoc cref="StreamAsync(Prompt, GenerationOptions?, CancellationToken)"/>
    public TextStream<TModel> StreamAsync(
        Experiment<TModel, NoSource> experiment,
        Prompt @base,
        GenerationOptions? generation = null,
        RunOptions? options = null,
        CancellationToken cancellationToken = default) =>
        new(Streamed(experiment.Given().ToConfig(), @base, generation, options, cancellationToken), experiment.NameOf);

    /// <summary>Generates text under an experiment that reads one source and yields it piece by piece.</summary>
    /// <param name="experiment">The experiment; every place says with <c>During</c> when in the generation it is acted on.</param>
    /// <param name="base">One prompt.</param>
    /// <param name="source">The prompt that is read; <see cref="Source.Skip"/> leaves it out on purpose.</param>
    /// <param name="generation">How to generate, with one beam; <see langword="null"/> = as the model's folder says.</param>
    /// <param name="options">The settings of the interventions; <see langword="null"/> = the defaults.</param>
    /// <param name="cancellationToken">Stops the generation between two steps.</param>
    /// <inheritdoc cref="StreamAsync(Prompt, GenerationOptions?, CancellationToken)"/>
    public TextStream<TModel> StreamAsync(
        Experiment<TModel, OneSource> experiment,
        Prompt @base,
        SourceInput source,
        GenerationOptions? generation = null,
        RunOptions? options = null,
        CancellationToken cancellationToken = default) =>
        new(Streamed(experiment.Given().ToConfig(), @base, generation, options, cancellationToken, source), experiment.NameOf);

    private Func<Action<GeneratedText>, IAsyncEnumerable<string>> Streamed(
        InterventionConfig config,
        Prompt prompt,
        GenerationOptions? generation,
        RunOptions? options,
        CancellationToken cancellationToken,
        params SourceInput[] sources) =>
        atEnd => Pieces(config, prompt, generation, options, atEnd, sources, cancellationToken);

    private async IAsyncEnumerable<string> Pieces(
        InterventionConfig config,
        Prompt prompt,
        GenerationOptions? generation,
        RunOptions? effects,
        Action<GeneratedText> atEnd,
        SourceInput[] sources,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        if (Tokenizer is not { } tokenizer || prompt.Texts.Length + prompt.TokenIds.Length != 1)
        {
            throw new InterventionException(
                "base",
                $"Text is streamed for one prompt and with a tokenizer, but there are {prompt.Texts.Length + prompt.TokenIds.Length} prompts and "
                    + $"{(Tokenizer is null ? "no" : "a")} tokenizer.");
        }

        ModelGate.RefuseDisposed(Module);
        var options = generation ?? Defaults;
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
                    return Generate(config, prompt, options, effects, step => steps.Writer.TryWrite(step.Tokens[0]), stop.Token, sources);
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
