namespace Pyvene.Typed.Checkpoints.Gguf;

/// <summary>Says how llama.cpp's converter changed a weight on its way from Hugging Face's layout.</summary>
internal enum GgufForm
{
    /// <summary>It is as it was.</summary>
    Same,

    /// <summary>The rows (i, i + half) of every query head stand side by side.</summary>
    QueryPairs,

    /// <summary>The rows (i, i + half) of every key head stand side by side.</summary>
    KeyPairs,

    /// <summary>Rows and columns are exchanged.</summary>
    Turned,

    /// <summary>One was added to every number.</summary>
    PlusOne,

    /// <summary>All queries stand before all keys and values, instead of head by head.</summary>
    HeadsApart,
}
