using System.ComponentModel;

namespace Pyvene.Typed;

/// <summary>Is a <see cref="SourcedSite{TModel, TOrdinal}"/> of any architecture and source.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface ISourcedSite;
