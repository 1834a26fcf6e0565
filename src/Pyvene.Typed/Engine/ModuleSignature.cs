using static TorchSharp.torch;

namespace Pyvene.Typed.Engine;

/// <summary>Finds what a module takes and returns: TorchSharp says it only in the generic base class.</summary>
internal static class ModuleSignature
{
    /// <summary>Returns the closed <c>nn.Module&lt;…&gt;</c> that a module derives from, or null when there is none.</summary>
    public static Type? TypeOf(nn.Module module)
    {
        for (var type = module.GetType(); type is not null; type = type.BaseType)
        {
            if (type.IsGenericType && type.DeclaringType == typeof(nn) && type.Name.StartsWith("Module`", StringComparison.Ordinal))
            {
                return type;
            }
        }

        return null;
    }
}
