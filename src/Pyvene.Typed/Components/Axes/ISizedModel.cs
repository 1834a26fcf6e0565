using Pyvene.Typed.Descriptors;

namespace Pyvene.Typed;

/// <summary>Is a model that is loaded, so that it knows how many layers and heads it has.</summary>
/// <typeparam name="TModel">Its architecture.</typeparam>
public interface ISizedModel<TModel>
    where TModel : IArchitecture
{
    /// <summary>Returns a size of the model.</summary>
    /// <param name="size">The size's name in the descriptor, such as <c>layers</c>.</param>
    internal int SizeOf(string size);
}
