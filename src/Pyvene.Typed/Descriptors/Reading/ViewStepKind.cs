namespace Pyvene.Typed.Descriptors.Reading;

/// <summary>Is the kind of a step; each has a sister of the same name in the library's <c>ViewStep</c>.</summary>
internal enum ViewStepKind
{
    /// <summary>One of several equal parts of the last axis.</summary>
    Chunk,

    /// <summary>One of several parts of the last axis with sizes of their own.</summary>
    Split,

    /// <summary>One part of every group of the last axis.</summary>
    Grouped,

    /// <summary>The last axis split into heads.</summary>
    Heads,

    /// <summary>Flattened tokens given back their batch.</summary>
    Tokens,

    /// <summary>Channels moved last.</summary>
    ChannelsFirst,
}
