namespace Pyvene.Typed.Generation;

/// <summary>Says when a beam search stops looking for better texts.</summary>
public enum EarlyStopping
{
    /// <summary>Stops when the best open beam, at its current length, scores below the worst finished text (<c>false</c> in transformers).</summary>
    Heuristic,

    /// <summary>Stops as soon as there are as many finished texts as beams (<c>true</c> in transformers).</summary>
    AsSoonAsFull,

    /// <summary>Stops only when no open beam can become better, whatever its length (<c>"never"</c> in transformers).</summary>
    Never,
}
