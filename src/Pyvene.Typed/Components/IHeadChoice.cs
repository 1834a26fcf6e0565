namespace Pyvene.Typed;

/// <summary>Is implemented by places at chosen heads, or units like them: a source can be read at others.</summary>
/// <typeparam name="TIndex">What they are counted by.</typeparam>
public interface IHeadChoice<TIndex>
    where TIndex : struct, IHeadIndex;
