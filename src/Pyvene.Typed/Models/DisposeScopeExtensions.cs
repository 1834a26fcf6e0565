using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models;

/// <summary>Hands tensors out of a dispose scope.</summary>
internal static class DisposeScopeExtensions
{
    /// <summary>Moves a tensor of this scope to the scope around it; a tensor that a hook brought from elsewhere stays where it belongs.</summary>
    public static Tensor HandOut(this DisposeScope scope, Tensor tensor)
    {
        if (scope.Contains(tensor))
        {
            scope.MoveToOuter(tensor);
        }

        return tensor;
    }

    /// <summary>Moves the tensors of an output to the scope around this one.</summary>
    public static ModelOutput HandOut(this DisposeScope scope, ModelOutput output)
    {
        foreach (var tensor in output.Tensors())
        {
            scope.HandOut(tensor);
        }

        return output;
    }
}
