namespace Pyvene.Typed.Engine;

/// <summary>Says what a lane's output is needed for.</summary>
internal enum OutputRequest
{
    /// <summary>Nothing is computed behind the last stage that is read.</summary>
    None,

    /// <summary>All that the model returns, but logits of the last real token alone: [batch, 1, vocab].</summary>
    LastPosition,

    /// <summary>All that the model returns.</summary>
    Everything,
}
