using Pyvene.Typed.Models;

namespace Pyvene.Typed;

/// <summary>Is what a run reads a source from: a prompt, or nothing on purpose (<see cref="Source.Skip"/>).</summary>
public sealed class SourceInput
{
    private SourceInput(Prompt? prompt) => Prompt = prompt;

    /// <summary>Gets the prompt; <see langword="null"/> when the source is skipped.</summary>
    public Prompt? Prompt { get; }

    internal static SourceInput Skipped { get; } = new(null);

    /// <summary>Converts a text.</summary>
    /// <param name="text">The prompt's text.</param>
    public static implicit operator SourceInput(string text) => new(text);

    /// <summary>Converts a batch of texts, one an example.</summary>
    /// <param name="texts">The prompts' texts.</param>
    public static implicit operator SourceInput(string[] texts) => new(texts);

    /// <summary>Converts tensors, as <see cref="Prompt.OfInputs"/>.</summary>
    /// <param name="inputs">The tensors, [batch, …].</param>
    public static implicit operator SourceInput(ModelInputs inputs) => new(Prompt.OfInputs(inputs));

    /// <summary>Converts a prompt.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <exception cref="ArgumentNullException">There is no prompt; a source is left out with <see cref="Source.Skip"/>.</exception>
    public static implicit operator SourceInput(Prompt prompt) =>
        new(prompt ?? throw new ArgumentNullException(nameof(prompt), "There is no prompt. To leave a source out, say Source.Skip."));
}
