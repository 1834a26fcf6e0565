using System.ComponentModel;

namespace Pyvene.Typed;

/// <summary>Is implemented by components with an axis of heads, or of units like them, of which some can be chosen.</summary>
/// <typeparam name="TIndex">What they are counted by.</typeparam>
/// <typeparam name="TChosen">What the component is once they are chosen.</typeparam>
public interface IHeaded<TIndex, out TChosen>
    where TIndex : struct, IHeadIndex
{
    /// <summary>Returns the component limited to heads.</summary>
    /// <param name="heads">The heads.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    TChosen LimitedTo(Heads heads);
}
