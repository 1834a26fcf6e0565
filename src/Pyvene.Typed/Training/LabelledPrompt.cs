using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Training;

/// <summary>Is a prompt with the class that it belongs to, such as the gender of its subject. Immutable.</summary>
public sealed record LabelledPrompt
{
    /// <summary>Initialises the example.</summary>
    /// <param name="prompt">The prompt, one text.</param>
    /// <param name="label">The class, from 0.</param>
    /// <exception cref="ArgumentException">The prompt has several texts, or the label is negative.</exception>
    public LabelledPrompt(Prompt prompt, int label)
    {
        (Prompt, Label) = (prompt.Given(), label);
        if (label < 0) throw new ArgumentOutOfRangeException(nameof(label), label, "A label is the number of a class, from 0; number the classes 0, 1, ….");
        if (prompt.Count != 1) throw new ArgumentException("An example is one text; give several texts as several examples.", nameof(prompt));
    }

    /// <summary>Gets the prompt.</summary>
    public Prompt Prompt { get; }

    /// <summary>Gets the class, from 0.</summary>
    public int Label { get; }
}
