using System.Reflection;
using Pyvene.Typed.Errors;
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

    /// <summary>
    /// Returns which item of a module's arguments one is, by the name that its parameter has in <c>forward</c>; underscores and capitals make no difference.
    /// </summary>
    /// <exception cref="InterventionException">The module has no such parameter.</exception>
    public static int ItemOf(nn.Module module, string argument, string where)
    {
        var types = TypeOf(module)?.GetGenericArguments()[..^1] ?? [];
        var parameters = module.GetType()
            .GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .Where(method => method.Name == "forward")
            .Select(method => method.GetParameters())
            .FirstOrDefault(candidates => candidates.Select(parameter => parameter.ParameterType).SequenceEqual(types)) ?? [];
        var place = Array.FindIndex(parameters, parameter => Plain(parameter.Name!) == Plain(argument));
        return place >= 0
            ? types[..place].Sum(type => TupleItems.Leaves(type).Count())
            : throw new InterventionException(
                "component",
                $"{where} ({module.GetType().Name}) has no argument '{argument}'; it takes "
                    + $"{string.Join(", ", parameters.Select(parameter => parameter.Name))}.");
    }

    private static string Plain(string name) => name.Replace("_", "", StringComparison.Ordinal).ToUpperInvariant();
}
